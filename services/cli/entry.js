#!/usr/bin/env node
/**
 * What `npx breakwater` and `npm start` run. In plain JavaScript, so that a Node
 * that is too old for the rest can read it, and says so in one sentence.
 */
const leastNode = 24;

if (Number(process.versions.node.split(".")[0]) < leastNode) {
  process.stderr.write(
    `Breakwater needs Node ${leastNode} or newer, and this is ${process.versions.node}. Run it as \`npx breakwater ...\` or \`npm start\` ` +
      `in its folder after \`npm install\`: npm puts the Node that the project brings along first.\n`,
  );
  process.exitCode = 2;
} else await import("./breakwater.ts");
