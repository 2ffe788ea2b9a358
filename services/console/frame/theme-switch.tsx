/** Chooses light, dark or the system's. */
import { useStore } from "../data/store.ts";
import { chooseTheme, theme, themes } from "./theme.ts";

export function ThemeSwitch() {
  const chosen = useStore(theme);
  return (
    <fieldset class="theme-switch">
      <legend class="unseen">Colours</legend>
      {themes.map((one) => (
        <label key={one}>
          <input type="radio" name="theme" checked={one === chosen} onChange={() => chooseTheme(one)} />
          <span>{one}</span>
        </label>
      ))}
    </fieldset>
  );
}
