/**
 * A stand-in and the providers that call it, for the tests of one file: started
 * when the file is loaded, ended after its last test.
 */
import { after } from "node:test";
import { openProviders, type Providers } from "../../services/providers/call-provider.ts";
import { startTestStandIn, type TestStandIn } from "./stand-in.ts";

export interface ProvidedByStandIn {
  readonly standIn: TestStandIn;
  readonly providers: Providers;
}

export async function providedByStandIn(): Promise<ProvidedByStandIn> {
  const standIn = await startTestStandIn();
  const providers = openProviders(standIn.environment);
  after(async () => {
    providers.close();
    await standIn.stop();
  });
  return { standIn, providers };
}
