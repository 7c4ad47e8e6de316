// Parses diagrams with Mermaid itself: `node parse_mermaid.mjs FOLDER` reads a JSON list of texts, prints what each holds.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const load = (name) => import(pathToFileURL(createRequire(`${process.argv[2]}/`).resolve(name)));
const { JSDOM } = await load("jsdom");
const { window } = new JSDOM("<!doctype html>");
Object.assign(globalThis, { window, document: window.document, Element: window.Element });
const { default: mermaid } = await load("mermaid");
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });

const found = [];
for (const text of JSON.parse(readFileSync(0, "utf8"))) {
  const { type, db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  found.push(
    type === "gantt"
      ? { type, bars: db.getTasks().map((one) => [one.section, one.task.trim(), +one.startTime, +one.endTime]) }
      : { type, nodes: [...db.getVertices().values()].map((one) => one.text), edges: db.getEdges().map((one) => one.text) },
  );
}
console.log(JSON.stringify(found));
