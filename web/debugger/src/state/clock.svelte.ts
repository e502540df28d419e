// The time at which everything is judged: the present, or an instant that a person has set.

class Clock {
  /** The present in whole seconds. */
  present = $state(Math.floor(Date.now() / 1000));
  /** The instant that was set instead, in seconds. */
  set: number | null = $state(null);

  get seconds(): number {
    return this.set ?? this.present;
  }

  /** Keeps the present up to date while the page can be seen. */
  start(): () => void {
    const tick = () => {
      if (document.visibilityState === "visible") this.present = Math.floor(Date.now() / 1000);
    };
    const timer = setInterval(tick, 1000);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }
}

export const clock = new Clock();
