/** Whose figures a key sees: its own client's; an admin's all, or those of the client it names. */
import type { Refusal } from "../admission/admission.ts";
import type { Client } from "../clients/client.ts";

export type Whose = { readonly kind: "client"; readonly client: string | undefined } | Refused;

interface Refused {
  readonly kind: "refused";
  readonly refusal: Refusal;
}

/** `named`: the client that was asked for; undefined in the answer means all. */
export function whose({ clientId, scopes }: Client, named: string | undefined): Whose {
  if (scopes.admin) return { kind: "client", client: named };
  if (named === undefined || named === clientId) return { kind: "client", client: clientId };
  const message = "only an admin's key sees other clients' costs";
  return { kind: "refused", refusal: { status: 403, code: "forbidden", message } };
}
