import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/** Reads what write_histograms wrote and compares it with the manifest; exits 1 on any difference. */
public class ReadHistograms {
    static int differences = 0;

    static Map<String, String> fields(String line) {
        Map<String, String> fields = new HashMap<>();
        for (String field : line.split(" ")) {
            String[] parts = field.split("=", 2);
            fields.put(parts[0], parts[1]);
        }
        return fields;
    }

    static void expect(String line, String key, String expected, Object actual) {
        if (expected.equals(actual.toString()))
            return;
        System.err.println(key + " is " + actual + ", not " + expected + ", in: " + line);
        differences++;
    }

    static void compare(String line, Histogram histogram) {
        Map<String, String> fields = fields(line);
        expect(line, "total", fields.get("total"), histogram.getTotalCount());
        expect(line, "min", fields.get("min"), histogram.getMinValue());
        expect(line, "max", fields.get("max"), histogram.getMaxValue());
        for (String key : fields.keySet())
            if (key.matches("p[0-9.]+")) {
                double percentile = Double.parseDouble(key.substring(1));
                expect(line, key, fields.get(key), histogram.getValueAtPercentile(percentile));
            }
        // Exact in the manifest, by the middles of buckets here: three significant digits.
        double mean = Double.parseDouble(fields.get("mean"));
        if (Math.abs(histogram.getMean() - mean) > mean * 1e-3)
            expect(line, "mean", fields.get("mean"), histogram.getMean());
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int files = 0;
        int intervals = 0;
        HistogramLogReader log = new HistogramLogReader(folder.resolve("tagged.hlog").toFile());
        for (String line : Files.readAllLines(folder.resolve("manifest.txt"))) {
            Map<String, String> fields = fields(line);
            if (fields.containsKey("file")) {
                String name = fields.get("file");
                ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(folder.resolve(name)));
                compare(line, name.endsWith(".plain") ? Histogram.decodeFromByteBuffer(bytes, 0)
                                                      : Histogram.decodeFromCompressedByteBuffer(bytes, 0));
                files++;
                continue;
            }
            Histogram histogram = (Histogram) log.nextIntervalHistogram();
            String tag = histogram.getTag() == null ? "" : histogram.getTag();
            expect(line, "tag", fields.get("tag"), tag);
            expect(line, "start", fields.get("start_ms"), histogram.getStartTimeStamp());
            expect(line, "end", fields.get("end_ms"), histogram.getEndTimeStamp());
            compare(line, histogram);
            intervals++;
        }
        if (files == 0 || intervals == 0 || log.nextIntervalHistogram() != null) {
            System.err.println("the folder does not hold what the manifest says");
            differences++;
        }
        System.out.println("Java read " + files + " histograms and " + intervals + " intervals, "
            + differences + " differences");
        System.exit(differences == 0 ? 0 : 1);
    }
}
