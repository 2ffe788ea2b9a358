/** Light, dark, or as the system has it: the choice is kept in this browser. */
import { createStore } from "../data/store.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const place = "breakwater-theme";
const isSystemDark = matchMedia("(prefers-color-scheme: dark)");

export const theme = createStore<Theme>(themes.find((one) => one === localStorage.getItem(place)) ?? "system");
/** What is seen now. */
export const shownTheme = createStore<"light" | "dark">("light");

export function chooseTheme(chosen: Theme): void {
  localStorage.setItem(place, chosen);
  theme.set(chosen);
}

function show(): void {
  const chosen = theme.get();
  const shown = chosen === "system" ? (isSystemDark.matches ? "dark" : "light") : chosen;
  document.documentElement.dataset["theme"] = shown;
  shownTheme.set(shown);
}

/** Called once. */
export function followTheme(): void {
  show();
  theme.subscribe(show);
  isSystemDark.addEventListener("change", show);
}
