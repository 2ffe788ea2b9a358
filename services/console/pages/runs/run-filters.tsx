/** The search for runs. What is chosen stands in the address; a text is taken when it is finished. */
import { useRef } from "preact/hooks";
import type { ResultStatus } from "../../../../schemas/parts/codes.ts";
import { words } from "../../format/status.ts";
import { go, linkTo } from "../../navigation/place.ts";
import { useShortcuts } from "../../navigation/shortcuts.ts";
import { isNarrowed, spans } from "./runs-path.ts";

const statuses = [
  "in_review",
  "ok",
  "refused",
  "invalid",
  "failed_validation",
  "degraded",
  "expired",
  "over_budget",
  "cancelled",
  "released",
  "rejected",
] as const satisfies readonly (ResultStatus | "in_review")[];
const usual = [
  { name: "harness", label: "Harness" },
  { name: "client", label: "Client" },
] as const;
const others = [
  { name: "feature", label: "Feature" },
  { name: "model", label: "Model called" },
  { name: "version", label: "Harness version" },
  { name: "batch", label: "Batch" },
  { name: "document", label: "Document's name has" },
  { name: "min_cost_usd", label: "Costs at least, $" },
] as const;

interface FieldProps {
  readonly query: URLSearchParams;
  readonly name: string;
  readonly label: string;
}

export function RunFilters({ query }: { readonly query: URLSearchParams }) {
  const form = useRef<HTMLFormElement>(null);
  const first = (): void => form.current?.querySelector("input")?.focus();
  useShortcuts([{ keys: "/", label: "Search", run: first }]);
  const more = others.some(({ name }) => query.has(name));
  return (
    <form ref={form} class="run-filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <TextField query={query} name="run" label="Run id begins with" />
      <ChoiceField query={query} name="status" label="Status" choices={statuses.map((code) => [code, words(code)])} />
      {usual.map((field) => (
        <TextField key={field.name} query={query} {...field} />
      ))}
      <ChoiceField
        query={query}
        name="since"
        label="When"
        choices={Object.entries(spans).map(([key, { name }]) => [key, name])}
      />
      <details open={more}>
        <summary>More</summary>
        <div class="run-filters">
          {others.map((field) => (
            <TextField key={field.name} query={query} {...field} />
          ))}
        </div>
      </details>
      {isNarrowed(query) ? <a href={linkTo("/runs")}>Show all</a> : null}
    </form>
  );
}

function TextField({ query, name, label }: FieldProps) {
  return (
    <label>
      <span>{label}</span>
      <input
        type="text"
        name={name}
        value={query.get(name) ?? ""}
        autocomplete="off"
        spellcheck={false}
        inputMode={name === "min_cost_usd" ? "decimal" : "text"}
        onChange={({ currentTarget }) => change(query, name, currentTarget.value)}
      />
    </label>
  );
}

function ChoiceField({
  query,
  name,
  label,
  choices,
}: FieldProps & { readonly choices: readonly (readonly string[])[] }) {
  return (
    <label>
      <span>{label}</span>
      <select
        name={name}
        value={query.get(name) ?? ""}
        onChange={({ currentTarget }) => change(query, name, currentTarget.value)}
      >
        <option value="">Any</option>
        {choices.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Another search begins at its newest run. */
function change(query: URLSearchParams, name: string, value: string): void {
  go(linkTo("/runs", { ...Object.fromEntries(query), [name]: value.trim(), cursor: null }), { replace: true });
}
