/** The process of the gateway. */
import { runService } from "../runtime/process/run-service.ts";
import { gatewayVariables } from "./config.ts";
import { openGateway } from "./open-gateway.ts";

await runService({
  name: "gateway",
  variables: gatewayVariables,
  seesContent: true,
  open: async (runtime) => ({ service: "gateway", address: await openGateway(runtime) }),
});
