// The only things that are stored: how the page looks.

const KEY = "jeton.preferences";

export type Theme = "system" | "light" | "dark";
const THEMES: readonly Theme[] = ["system", "light", "dark"];

class Preferences {
  theme: Theme = $state(stored());

  setTheme(theme: Theme): void {
    this.theme = theme;
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem(KEY, JSON.stringify({ theme }));
    } catch {
      // Without storage the choice holds until the page is closed.
    }
  }

  nextTheme(): void {
    const next = THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length];
    this.setTheme(next ?? "system");
  }
}

function stored(): Theme {
  try {
    const read = JSON.parse(localStorage.getItem(KEY) ?? "{}") as { theme?: Theme };
    return THEMES.find((theme) => theme === read.theme) ?? "system";
  } catch {
    return "system";
  }
}

export const preferences = new Preferences();
