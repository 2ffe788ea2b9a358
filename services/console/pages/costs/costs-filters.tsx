/** Period, what to split by, and the filters that hold: all of it in the address. */
import { words } from "../../format/status.ts";
import { go, linkTo } from "../../navigation/place.ts";
import { ModelText } from "../../parts/model-text.tsx";
import { filters, periods, sinceOf, splitOf } from "./asked.ts";

interface Props {
  readonly query: URLSearchParams;
}

function changed(query: URLSearchParams, change: Readonly<Record<string, string | null>>): string {
  return linkTo("/costs", { ...Object.fromEntries(query), ...change });
}

export function CostsFilters({ query }: Props) {
  const since = sinceOf(query);
  const isCustom = periods[since] === undefined || query.has("until");
  const set = (change: Readonly<Record<string, string | null>>): void => go(changed(query, change), { replace: true });
  const choose = (value: string): void => {
    if (value !== "custom") return set({ since: value, until: null });
    const today = new Date().toISOString().slice(0, 10);
    set({ since: `${today.slice(0, 8)}01`, until: null });
  };
  return (
    <div class="bar costs-filters">
      <label>
        Period
        <select value={isCustom ? "custom" : since} onChange={(event) => choose(event.currentTarget.value)}>
          {Object.entries(periods).map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
          <option value="custom">From a day …</option>
        </select>
      </label>
      {isCustom ? <Days query={query} set={set} /> : null}
      <label>
        Split by
        <select value={splitOf(query)} onChange={(event) => set({ by: event.currentTarget.value })}>
          {filters.map((name) => (
            <option key={name} value={name}>
              {words(name)}
            </option>
          ))}
        </select>
      </label>
      <Held query={query} />
    </div>
  );
}

function Days({ query, set }: Props & { readonly set: (change: Readonly<Record<string, string | null>>) => void }) {
  const dayOf = (text: string | null): string => /^\d{4}-\d{2}-\d{2}/.exec(text ?? "")?.[0] ?? "";
  return (
    <>
      <label>
        From (UTC)
        <input
          type="date"
          value={dayOf(query.get("since"))}
          onChange={({ currentTarget: { value } }) => set({ since: value === "" ? null : value })}
        />
      </label>
      <label>
        Up to, without it
        <input
          type="date"
          value={dayOf(query.get("until"))}
          onChange={({ currentTarget: { value } }) => set({ until: value === "" ? null : value })}
        />
      </label>
    </>
  );
}

/** Each is a link that takes it away. */
function Held({ query }: Props) {
  const held = filters.flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [{ name, value }];
  });
  if (held.length === 0) return null;
  return (
    <ul class="costs-held" aria-label="Filters">
      {held.map(({ name, value }) => (
        <li key={name}>
          <a href={changed(query, { [name]: null, by: null })} aria-label={`Take away the filter ${name} ${value}`}>
            <span class="quiet">{name}</span> <ModelText text={value} /> <span aria-hidden="true">×</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
