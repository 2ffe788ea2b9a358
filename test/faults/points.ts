/** Every point of the matrix. Those with a misbehaving provider come last: breakers remember it. */
import { crashPoints } from "./crash-points.ts";
import { membershipPoints } from "./membership-points.ts";
import { outagePoints } from "./outage-points.ts";
import type { Point } from "./point.ts";
import { reviewPoints } from "./review-points.ts";

export const points: readonly Point[] = [...crashPoints, ...reviewPoints, ...outagePoints, ...membershipPoints];
