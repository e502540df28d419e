// Which view is shown: the fragment `#/encode`, so that links and the back button work.

export const VIEWS = ["decode", "encode", "compare", "jwks", "learn"] as const;
export type View = (typeof VIEWS)[number];

class Route {
  view: View = $state("decode");
  /** What follows the view: `#/learn/refresh` has `refresh`. */
  rest = $state("");

  /** Follows the fragment. Fragments that are no route (`#token=...`) leave the view as it is. */
  follow(hash: string): void {
    const path = /^#\/([a-z]*)\/?(.*)$/.exec(hash);
    if (!path) return;
    this.view = VIEWS.find((view) => view === path[1]) ?? "decode";
    this.rest = path[2] ?? "";
  }

  go(view: View, rest = ""): void {
    location.hash = rest === "" ? `#/${view}` : `#/${view}/${rest}`;
  }

  start(): () => void {
    const follow = () => this.follow(location.hash);
    follow();
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }
}

export const route = new Route();
