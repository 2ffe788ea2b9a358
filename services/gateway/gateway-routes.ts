/** Every route of the gateway. The server registers these and no others, but for the page of their document. */
import { alertRoute, type AlertParts } from "./alerts/alert-route.ts";
import { analyticsRoutes, type AnalyticsParts } from "./analytics/analytics-routes.ts";
import { auditEventRoute, type AuditEventParts } from "./audit/event-route.ts";
import { burnDownRoute, type BurnDownParts } from "./analytics/burn-down-route.ts";
import { statementRoutes } from "./analytics/statement-routes.ts";
import { batchRoutes, type BatchParts } from "./batches/batch-routes.ts";
import { letterRoutes, type LetterParts } from "./dead-letters/letter-routes.ts";
import type { ChatParts } from "./chat/chat-route.ts";
import { chatRoutes } from "./chat/chat-routes.ts";
import { harnessRoutes, type HarnessParts } from "./harnesses/harness-routes.ts";
import { pageRoutes, type PageParts } from "./console/page-routes.ts";
import { sessionRoutes, type SessionParts } from "./console/session-routes.ts";
import { costRoutes, type CostParts } from "./native/cost-routes.ts";
import { runRoutes, type RunParts } from "./native/run-routes.ts";
import { runSearchRoute } from "./native/inspect/run-search-route.ts";
import { systemRoutes, type SystemParts } from "./native/system-routes.ts";
import { openApiDocument } from "./openapi/document.ts";
import { reviewRoutes, type ReviewParts } from "./reviews/review-routes.ts";
import type { GatewayRoute } from "./route.ts";
import { statusRoute, type StatusParts } from "./status/status-route.ts";

export type GatewayParts = ChatParts &
  RunParts &
  BatchParts &
  CostParts &
  AnalyticsParts &
  BurnDownParts &
  AlertParts &
  AuditEventParts &
  LetterParts &
  ReviewParts &
  HarnessParts &
  StatusParts &
  PageParts &
  SessionParts &
  Omit<SystemParts, "document">;

export function gatewayRoutes(parts: GatewayParts): readonly GatewayRoute[] {
  const routes: readonly GatewayRoute[] = [
    ...chatRoutes(parts),
    ...runRoutes(parts),
    runSearchRoute(parts),
    ...reviewRoutes(parts),
    ...batchRoutes(parts),
    ...costRoutes(parts),
    ...analyticsRoutes(parts),
    ...statementRoutes(parts),
    burnDownRoute(parts),
    alertRoute(parts),
    auditEventRoute(parts),
    ...letterRoutes(parts),
    ...harnessRoutes(parts),
    statusRoute(parts),
    ...sessionRoutes(parts),
    ...pageRoutes(parts),
    ...systemRoutes({ ...parts, document: () => document }),
  ];
  const document = openApiDocument(routes);
  return routes;
}
