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

// The fastest of some rounds, in nanoseconds a render.
function timed(template, data, options, times) {
  const run = Handlebars.compile(template, options);
  let best = Infinity;
  for (let round = 0; round < 7; round += 1) {
    const start = process.hrtime.bigint();
    for (let count = 0; count < times; count += 1) run(data);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / times);
  }
  return { nanoseconds: best };
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const [template, data, options, times] = JSON.parse(line);
  const answer = times ? timed(template, data, options, times) : render(template, data, options);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
