/** A filter in the address: all of the values there are, or one. */
import { useQuery } from "../../navigation/place.ts";

interface ChoiceProps {
  /** In the address. */
  readonly name: string;
  readonly label: string;
  readonly values: readonly string[];
}

export function Choice({ name, label, values }: ChoiceProps) {
  const [value, choose] = useQuery(name);
  // What the address asks for stays to be seen, though nothing has it now.
  const all = [...new Set([...values, ...(value === null ? [] : [value])])].toSorted();
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value ?? ""} onChange={(event) => choose(event.currentTarget.value || null)}>
        <option value="">all</option>
        {all.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}
