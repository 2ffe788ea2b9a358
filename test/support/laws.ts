/**
 * Where the laws (fast-check) begin, preloaded by test/run.ts into each file that
 * holds some: always from the same seed, so that a run of the tests judges the
 * change and not the luck of the day; from a fresh seed, named by LAWS_SEED, and with more
 * runs where a law sets no number of its own, when counterexamples are sought (`npm run test:laws`).
 */
import fc from "fast-check";

const usualSeed = 20_261_123;
const runsWhenSought = 1000;

const sought = process.env["LAWS_SEED"];
fc.configureGlobal(sought === undefined ? { seed: usualSeed } : { seed: Number(sought), numRuns: runsWhenSought });
