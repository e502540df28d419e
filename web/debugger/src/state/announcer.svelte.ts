/** How often somebody asked to hear the verdict again. */
class Announcer {
  asked = $state(0);
}

export const announcer = new Announcer();
