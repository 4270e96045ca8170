import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** Writes tests/corpus/histogram/java with the reference implementation; README.md says how. */
public class MakeHistograms {
    static final double[] PERCENTILES = {0, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 99.999, 100};
    static final long HOUR_NS = 3_600_000_000_000L;
    static Path folder;
    static PrintStream manifest;

    static String figures(Histogram histogram) {
        StringBuilder line = new StringBuilder();
        line.append(" total=" + histogram.getTotalCount() + " min=" + histogram.getMinValue());
        line.append(" max=" + histogram.getMaxValue() + " mean=" + histogram.getMean());
        line.append(" stddev=" + histogram.getStdDeviation());
        for (double percentile : PERCENTILES) {
            String name = percentile == (long) percentile ? "" + (long) percentile : "" + percentile;
            line.append(" p" + name + "=" + histogram.getValueAtPercentile(percentile));
        }
        return line.toString();
    }

    static void write(String name, Histogram histogram, boolean compressed) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = compressed
            ? histogram.encodeIntoCompressedByteBuffer(buffer) : histogram.encodeIntoByteBuffer(buffer);
        Files.write(folder.resolve(name), Arrays.copyOf(buffer.array(), length));
        manifest.println("file=" + name + figures(histogram));
    }

    static Histogram latencies(Random random, int count, double median_ns) {
        Histogram histogram = new Histogram(1, HOUR_NS, 3);
        for (int i = 0; i < count; i++) {
            double value = median_ns * Math.exp(0.6 * random.nextGaussian());
            histogram.recordValue((long) (random.nextInt(1000) == 0 ? 100 * value : value));
        }
        return histogram;
    }

    static void writeHistograms() throws Exception {
        write("empty.hdr", new Histogram(1, HOUR_NS, 3), true);

        Histogram single = new Histogram(1, HOUR_NS, 3);
        single.recordValue(123_456_789);
        write("single.hdr", single, true);

        Histogram million = latencies(new Random(1), 1_000_000, 90_000);
        write("million.hdr", million, true);
        write("million.plain", million, false);

        // At, just below and beyond the highest trackable value, up to the last value that has a count.
        Histogram near = new Histogram(1, HOUR_NS, 3);
        for (long value : new long[] {HOUR_NS, HOUR_NS - 1, HOUR_NS + 1, (1L << 42) - 1, 0, 1})
            near.recordValueWithCount(value, value % 7 + 1);
        write("near_limit.hdr", near, true);
        write("near_limit.plain", near, false);

        // All 63 bits of values.
        Histogram widest = new Histogram(1, Long.MAX_VALUE, 3);
        for (int bit = 0; bit < 63; bit++)
            widest.recordValueWithCount(Long.MAX_VALUE >> bit, bit + 1);
        write("widest.plain", widest, false);

        // Counts that take from one to nine bytes.
        Histogram heavy = new Histogram(1, HOUR_NS, 3);
        for (int bit = 0; bit < 63; bit++)
            heavy.recordValueWithCount(3L * bit * bit, 1L << bit);
        write("heavy.plain", heavy, false);

        // A unit above 1, and every number of digits.
        for (int digits = 0; digits <= 5; digits++) {
            Histogram units = new Histogram(1_000, HOUR_NS, digits);
            Random random = new Random(digits);
            for (int i = 0; i < 500; i++)
                units.recordValue((long) (Math.exp(28 * random.nextDouble())));
            write("digits" + digits + ".hdr", units, true);
        }

        // Grown on demand; then with an offset in the header, which plays no part for integers.
        Histogram grown = new Histogram(2);
        for (int i = 1; i < 1000; i++)
            grown.recordValue((long) i * i * i);
        write("grown.hdr", grown, true);
        Histogram shifted = new Histogram(1, HOUR_NS, 3);
        for (int i = 0; i < 1000; i++)
            shifted.recordValue(5_000 + (long) i * i);
        shifted.shiftValuesLeft(4);
        write("shifted.plain", shifted, false);
    }

    static void writeLog() throws Exception {
        String[] tags = {null, "get", "put"};
        HistogramLogWriter log = new HistogramLogWriter(folder.resolve("tagged.hlog").toFile());
        log.outputComment("[made by the Java implementation]");
        log.outputLogFormatVersion();
        log.outputStartTime(1_760_000_000_250L);
        log.outputBaseTime(1_760_000_000_250L);
        log.outputLegend();
        Random random = new Random(3);
        for (int i = 0; i < 9; i++) {
            Histogram histogram = latencies(random, 400 * i, 50_000 * (1 + i % 3));
            double start = 0.125 * (i / 3);
            histogram.setTag(tags[i % 3]);
            log.outputIntervalHistogram(start, start + 0.125, histogram);
            String tag = tags[i % 3] == null ? "" : tags[i % 3];
            manifest.println(String.format(Locale.US, "log=tagged.hlog tag=%s start=%.3f length=0.125",
                tag, start) + figures(histogram));
        }
    }

    public static void main(String[] arguments) throws Exception {
        folder = Path.of(arguments[0]);
        manifest = new PrintStream(folder.resolve("manifest.txt").toFile());
        manifest.println("# Made by tests/interop/MakeHistograms.java with HdrHistogram (Java) "
            + arguments[1]);
        writeHistograms();
        writeLog();
        manifest.close();
    }
}
