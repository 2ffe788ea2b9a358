/** Narrows the queue to a client or a harness. */
import type { WaitingReview } from "../../../gateway/reviews/review-view.ts";
import { useQuery } from "../../navigation/place.ts";
import { choices } from "./queue.ts";

export function QueueFilters({ queue }: { readonly queue: readonly WaitingReview[] }) {
  return (
    <div class="queue-filters">
      <Choice name="client" label="Client" values={queue.map(({ client_id: client }) => client)} />
      <Choice name="harness" label="Harness" values={queue.map(({ harness }) => harness.name)} />
    </div>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly values: readonly string[];
}

function Choice({ name, label, values }: ChoiceProps) {
  const [chosen, choose] = useQuery(name);
  return (
    <label>
      <span class="unseen">{label}</span>
      <select value={chosen ?? ""} onChange={({ currentTarget }) => choose(currentTarget.value || null)}>
        <option value="">Any {label.toLowerCase()}</option>
        {choices(values, chosen).map((value) => (
          <option key={value} value={value}>
            {value}
          </option>
        ))}
      </select>
    </label>
  );
}
