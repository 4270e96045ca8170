// Reads what write_histograms wrote and compares it with the manifest; exits 1 on any difference.
"use strict";
const fs = require("fs");
const path = require("path");
const hdr = require("hdr-histogram-js");

const folder = process.argv[2];
let differences = 0;

function expect(line, key, expected, actual) {
  if (String(expected) === String(actual)) return;
  console.error(`${key} is ${actual}, not ${expected}, in: ${line}`);
  differences++;
}

function compare(line, fields, histogram) {
  expect(line, "total", fields.total, histogram.totalCount);
  if (histogram.totalCount > 0) // the library has no minimum for an empty histogram
    expect(line, "min", fields.min, histogram.minNonZeroValue);
  // Not maxValue: with a lowest value above 1 the library adds that value's unit to it.
  expect(line, "max", fields.max, histogram.getValueAtPercentile(100));
  for (const key of Object.keys(fields).filter((name) => /^p[0-9.]+$/.test(name)))
    expect(line, key, fields[key], histogram.getValueAtPercentile(Number(key.slice(1))));
  // Exact in the manifest, by the middles of buckets here: three significant digits.
  if (!(Math.abs(histogram.mean - fields.mean) <= fields.mean * 1e-3))
    expect(line, "mean", fields.mean, histogram.mean);
}

let files = 0;
let intervals = 0;
const log = new hdr.HistogramLogReader(fs.readFileSync(path.join(folder, "tagged.hlog"), "utf8"), 64);
for (const line of fs.readFileSync(path.join(folder, "manifest.txt"), "utf8").trim().split("\n")) {
  const fields = Object.fromEntries(line.split(" ").map((field) => field.split("=", 2)));
  if (fields.file) {
    // Left to Java: JavaScript's numbers end at 2^53, and the package reads no plain encodings.
    if (fields.max > Number.MAX_SAFE_INTEGER || fields.file.endsWith(".plain")) continue;
    const base64 = fs.readFileSync(path.join(folder, fields.file)).toString("base64");
    compare(line, fields, hdr.decodeFromCompressedBase64(base64, 64));
    files++;
    continue;
  }
  const histogram = log.nextIntervalHistogram();
  expect(line, "tag", fields.tag, histogram.tag === "NO TAG" ? "" : histogram.tag);
  expect(line, "start", fields.start_ms, histogram.startTimeStampMsec);
  expect(line, "end", fields.end_ms, histogram.endTimeStampMsec);
  compare(line, fields, histogram);
  intervals++;
}
if (files === 0 || intervals === 0 || log.nextIntervalHistogram() !== null) {
  console.error("the folder does not hold what the manifest says");
  differences++;
}
console.log(`JavaScript read ${files} histograms and ${intervals} intervals, ${differences} differences`);
process.exit(differences === 0 ? 0 : 1);
