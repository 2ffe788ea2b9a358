/** The search in the audit. What is chosen stands in the address; a text is taken when it is finished. */
import { useRef } from "preact/hooks";
import { go, linkTo } from "../../navigation/place.ts";
import { useShortcuts } from "../../navigation/shortcuts.ts";
import { spans } from "../runs/runs-path.ts";
import { isNarrowed } from "./audit-path.ts";

const kinds = [
  ["change", "Changes"],
  ["erasure", "Erasures"],
  ["call", "Calls"],
] as const;
const texts = [
  { name: "target", label: "What was changed has" },
  { name: "action", label: "Action begins with" },
  { name: "actor", label: "By" },
  { name: "client", label: "About client" },
] as const;

export function AuditFilters({ query }: { readonly query: URLSearchParams }) {
  const form = useRef<HTMLFormElement>(null);
  const first = (): void => form.current?.querySelector("input")?.focus();
  useShortcuts([{ keys: "/", label: "Search", run: first }]);
  return (
    <form ref={form} class="audit-filters" role="search" onSubmit={(event) => event.preventDefault()}>
      {texts.map(({ name, label }) => (
        <label key={name}>
          <span>{label}</span>
          <input
            type="text"
            name={name}
            value={query.get(name) ?? ""}
            autocomplete="off"
            spellcheck={false}
            onChange={({ currentTarget }) => change(query, name, currentTarget.value)}
          />
        </label>
      ))}
      <Choice query={query} name="kind" label="Kind" any="All but calls" choices={kinds} />
      <Choice
        query={query}
        name="since"
        label="When"
        any="Any"
        choices={Object.entries(spans).map(([key, { name }]) => [key, name] as const)}
      />
      {isNarrowed(query) ? <a href={linkTo("/audit")}>Show all</a> : null}
    </form>
  );
}

interface ChoiceProps {
  readonly query: URLSearchParams;
  readonly name: string;
  readonly label: string;
  readonly any: string;
  readonly choices: readonly (readonly [value: string, text: string])[];
}

function Choice({ query, name, label, any, choices }: ChoiceProps) {
  return (
    <label>
      <span>{label}</span>
      <select
        name={name}
        value={query.get(name) ?? ""}
        onChange={({ currentTarget }) => change(query, name, currentTarget.value)}
      >
        <option value="">{any}</option>
        {choices.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Another search begins at its newest. */
function change(query: URLSearchParams, name: string, value: string): void {
  go(linkTo("/audit", { ...Object.fromEntries(query), [name]: value.trim(), cursor: null }), { replace: true });
}
