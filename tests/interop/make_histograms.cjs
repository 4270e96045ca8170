// Writes tests/corpus/histogram/javascript with hdr-histogram-js; README.md says how.
"use strict";
const fs = require("fs");
const path = require("path");
const hdr = require("hdr-histogram-js");

const PERCENTILES = [25, 50, 75, 90, 95, 99, 99.9, 99.99, 99.999, 100];
const HOUR_NS = 3_600_000_000_000;
const folder = process.argv[2];
const version = require("hdr-histogram-js/package.json").version;
const manifest = [`# Made by tests/interop/make_histograms.cjs with hdr-histogram-js ${version}`];

// A linear congruential generator: the same numbers on every run.
let state = 12345;
const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
const gaussian = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

// 64: counts are kept as doubles, so that they may exceed 2^32.
const empty = () =>
  hdr.build({ bitBucketSize: 64, lowestDiscernibleValue: 1, highestTrackableValue: HOUR_NS,
              numberOfSignificantValueDigits: 3, autoResize: false });

function latencies(count, median_ns) {
  const histogram = empty();
  for (let i = 0; i < count; i++)
    histogram.recordValue(Math.floor(median_ns * Math.exp(0.6 * gaussian())));
  return histogram;
}

// What a reader of the encoding sees: recording keeps an exact minimum and maximum, encoding does not.
function figures(recorded) {
  const histogram = hdr.decodeFromCompressedBase64(hdr.encodeIntoCompressedBase64(recorded), 64);
  const some = histogram.totalCount > 0; // the library has no minimum for an empty histogram
  const parts = [`total=${histogram.totalCount}`, `min=${some ? histogram.minNonZeroValue : 0}`,
                 `max=${histogram.maxValue}`, `mean=${histogram.mean}`, `stddev=${histogram.stdDeviation}`];
  for (const percentile of PERCENTILES)
    parts.push(`p${percentile}=${histogram.getValueAtPercentile(percentile)}`);
  return parts.join(" ");
}

function write(name, histogram) {
  fs.writeFileSync(path.join(folder, name), hdr.encodeIntoCompressedBase64(histogram));
  manifest.push(`file=${name} ${figures(histogram)}`);
}

write("empty.base64", empty());

const single = empty();
single.recordValue(123_456_789);
write("single.base64", single);

write("million.base64", latencies(1_000_000, 90_000));

const near = empty();
for (const value of [HOUR_NS, HOUR_NS - 1, HOUR_NS + 1, 2 ** 42 - 1, 1])
  near.recordValueWithCount(value, (value % 7) + 2 ** 40);
write("near_limit.base64", near);

const lines = [];
const log = new hdr.HistogramLogWriter((line) => lines.push(line));
log.outputLogFormatVersion();
log.outputStartTime(1_760_000_000_250);
log.outputLegend();
for (let i = 0; i < 6; i++) {
  const histogram = latencies(500 * i, 50_000);
  const tag = i % 2 === 0 ? "" : "put";
  histogram.tag = tag;
  log.outputIntervalHistogram(histogram, 0.25 * i, 0.25 * (i + 1), 1_000_000);
  manifest.push(`log=tagged.hlog tag=${tag} start=${0.25 * i} length=0.25 ${figures(histogram)}`);
}
fs.writeFileSync(path.join(folder, "tagged.hlog"), lines.join(""));
fs.writeFileSync(path.join(folder, "manifest.txt"), manifest.join("\n") + "\n");
