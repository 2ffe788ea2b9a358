/** Every knob of a policy, by its guard: small values side by side, lists below. */
import type { VersionView } from "../../../gateway/harnesses/harness-views.ts";
import { Value } from "./differences.tsx";

export function Knobs({ knobs }: { readonly knobs: VersionView["definition"]["knobs"] }) {
  return (
    <div class="knobs">
      {Object.entries(knobs).map(([guard, settings]) => (
        <section key={guard}>
          <h3>{guard}</h3>
          <dl>
            {settingsOf(settings).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  {typeof value === "object" ? (
                    <Value value={value} />
                  ) : (
                    <code>{typeof value === "string" ? value : JSON.stringify(value)}</code>
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

/** A group within a group stands in it under both names: `entities.email`. */
function settingsOf(settings: object): readonly (readonly [name: string, value: unknown])[] {
  return Object.entries(settings).flatMap(([name, value]: readonly [string, unknown]) => {
    const isGroup = typeof value === "object" && value !== null && !Array.isArray(value);
    if (isGroup) return settingsOf(value).map(([inner, own]): readonly [string, unknown] => [`${name}.${inner}`, own]);
    return Array.isArray(value) && value.length === 0 ? [] : [[name, value] as const];
  });
}
