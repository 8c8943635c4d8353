// Renders templates with Handlebars.js: one JSON line in ([template, data, options]), one JSON line out.
"use strict";
const { createRequire } = require("module");
const readline = require("readline");
const Handlebars = createRequire(process.argv[2] + "/")("handlebars");

// A raw block prints its body as it stands: the dialect's meaning, for which Handlebars.js wants a helper.
Handlebars.registerHelper("raw", (options) => options.fn());
Handlebars.log = () => {};

function render(template, data, options) {
  try {
    return { text: Handlebars.compile(template, options)(data) };
  } catch (error) {
    return { error: String(error.message).slice(0, 300) };
  }
}

// One measured round of an already warm template, in nanoseconds a render.
const warm = new Map();

function timed(template, data, options, times) {
  const key = JSON.stringify([template, options]);
  if (!warm.has(key)) {
    warm.set(key, Handlebars.compile(template, options));
    timed(template, data, options, 50000);
  }
  const run = warm.get(key);
  const start = process.hrtime.bigint();
  for (let count = 0; count < times; count += 1) run(data);
  return { nanoseconds: Number(process.hrtime.bigint() - start) / times };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const [template, data, options, times] = JSON.parse(line);
  const answer = times ? timed(template, data, options, times) : render(template, data, options);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
