/** A chain of models, first choice first. */

interface ModelsProps {
  readonly models: readonly { readonly provider: string; readonly model: string }[];
}

export function Models({ models }: ModelsProps) {
  return (
    <ol class="models">
      {models.map(({ provider, model }, at) => (
        <li key={at}>
          {model} <span class="quiet">{provider}</span>
        </li>
      ))}
    </ol>
  );
}
