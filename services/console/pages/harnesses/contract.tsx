/** A contract to be read: each field with its kind and rules, as deep as it goes; what is no object stands as JSON. */
import { fieldsOf } from "./fields-of.ts";
import { Value } from "./differences.tsx";

export function Contract({ schema }: { readonly schema: unknown }) {
  if (schema === undefined) return <p class="quiet">Text, without a contract.</p>;
  const fields = fieldsOf(schema);
  if (fields.length === 0) return <Value value={schema} />;
  return (
    <>
      <dl class="fields">
        {fields.map(({ path, kind, isRequired, rules, about }) => (
          <div key={path}>
            <dt>
              <code>{path}</code> <span class="quiet">{isRequired ? kind : `${kind}, may be absent`}</span>
            </dt>
            {rules === "" && about === "" ? null : (
              <dd class="quiet">
                {about}
                {rules === "" ? null : <code> {rules}</code>}
              </dd>
            )}
          </div>
        ))}
      </dl>
      <details>
        <summary>As JSON Schema</summary>
        <Value value={schema} />
      </details>
    </>
  );
}
