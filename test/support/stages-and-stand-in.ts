/**
 * A broker for stages and the provider they call, for the tests of one file:
 * started when the file is loaded, ended after its last test.
 */
import { after } from "node:test";
import { StageProcesses } from "./stage-processes.ts";
import { startTestStandIn, type TestStandIn } from "./stand-in.ts";

export interface StagesAndStandIn {
  readonly stages: StageProcesses;
  readonly standIn: TestStandIn;
}

export async function openStagesAndStandIn(): Promise<StagesAndStandIn> {
  const [stages, standIn] = await Promise.all([StageProcesses.open(), startTestStandIn()]);
  after(async () => {
    await stages.close();
    await standIn.stop();
  });
  return { stages, standIn };
}
