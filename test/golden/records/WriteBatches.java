import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.*;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * Record batches as the Java client writes them: batch-NAME.hex with the bytes, batch-NAME.json with what its own reader says of them.
 *   java -cp "LIBS/*" WriteBatches.java FOLDER
 */
public class WriteBatches {
  static final long T = 1_700_000_000_123L;
  static Path folder;
  static List<String> names = new ArrayList<>();

  interface Filler { void fill(MemoryRecordsBuilder b); }

  public static void main(String[] args) throws Exception {
    folder = Path.of(args[0]);
    Map<String, Compression> all = new LinkedHashMap<>();
    all.put("none", Compression.NONE);
    all.put("gzip", Compression.gzip().build());
    all.put("snappy", Compression.snappy().build());
    all.put("lz4", Compression.lz4().build());
    all.put("zstd", Compression.zstd().build());
    for (var e : all.entrySet()) {
      write("mixed-" + e.getKey(), e.getValue(), TimestampType.CREATE_TIME, 42, -1, (short) -1, -1, false, WriteBatches::mixed);
      if (!e.getKey().equals("none")) write("large-" + e.getKey(), e.getValue(), TimestampType.CREATE_TIME, 0, -1, (short) -1, -1, false, WriteBatches::large);
    }
    write("idempotent", Compression.NONE, TimestampType.CREATE_TIME, 0, 9_007_199_254_740_993L, (short) 7, Integer.MAX_VALUE - 1, false, WriteBatches::mixed);
    write("transactional", Compression.lz4().build(), TimestampType.CREATE_TIME, 100, 4711, (short) 3, 12, true, WriteBatches::mixed);
    write("append-time", Compression.NONE, TimestampType.LOG_APPEND_TIME, 5, -1, (short) -1, -1, false, WriteBatches::mixed);
    write("gaps", Compression.gzip().build(), TimestampType.CREATE_TIME, 1000, -1, (short) -1, -1, false, b -> {
      for (long offset : new long[] {1000, 1003, 1004, 1900}) b.appendWithOffset(offset, T + offset, bytes("k" + offset), bytes("v"), new Header[0]);
    });
    write("far-offset", Compression.NONE, TimestampType.CREATE_TIME, 9_007_199_254_740_993L, -1, (short) -1, -1, false, b -> b.append(T, null, bytes("x")));
    save("commit-marker", MemoryRecords.withEndTransactionMarker(7, T, 1, 4711, (short) 3, new EndTransactionMarker(ControlRecordType.COMMIT, 2)));
    save("abort-marker", MemoryRecords.withEndTransactionMarker(8, T, 1, 4711, (short) 3, new EndTransactionMarker(ControlRecordType.ABORT, 2)));
    Files.writeString(folder.resolve("batches.meta.json"), "{\n  \"writer\": \"org.apache.kafka.common.record.MemoryRecordsBuilder\",\n  \"kafkaClients\": \""
        + AppInfoParser.getVersion() + "\",\n  \"command\": \"java -cp LIBS/* WriteBatches.java FOLDER\",\n  \"cases\": [\"" + String.join("\", \"", names) + "\"]\n}\n");
  }

  static byte[] bytes(String s) { return s.getBytes(StandardCharsets.UTF_8); }

  static void mixed(MemoryRecordsBuilder b) {
    b.append(T, bytes("key"), bytes("value"));
    b.append(T + 5, null, bytes("no key"));
    b.append(T - 70_000, bytes("tombstone"), null);
    b.append(T + 1, (byte[]) null, null);
    b.append(T + 1, new byte[0], new byte[0]);
    b.append(T + 86_400_000L * 365 * 30, bytes("한국어 열쇠"), bytes("값 😀 가나다라마바사아자차카타파하".repeat(3)));
    b.append(T + 2, bytes("h"), bytes("headers"), new Header[] {
      new RecordHeader("a", bytes("1")), new RecordHeader("b", null), new RecordHeader("a", bytes("2")),
      new RecordHeader("", new byte[0]), new RecordHeader("머리", bytes("글"))});
    b.append(0, bytes("epoch"), bytes("time 0"));
  }

  static void large(MemoryRecordsBuilder b) {
    byte[] noise = new byte[4000];
    new Random(1).nextBytes(noise);
    b.append(T, bytes("noise"), noise);
    b.append(T, bytes("long"), bytes("one line of a long text that says the same again and again\n".repeat(3000)));
    for (int i = 0; i < 200; i++) b.append(T + i, bytes("k" + i), bytes("line number " + i + " of a log that repeats itself, "));
  }

  static void write(String name, Compression compression, TimestampType type, long base, long pid, short epoch, int sequence, boolean isTransactional, Filler filler) throws Exception {
    MemoryRecordsBuilder b = MemoryRecords.builder(ByteBuffer.allocate(1 << 18), RecordBatch.MAGIC_VALUE_V2, compression, type, base,
        type == TimestampType.LOG_APPEND_TIME ? T + 99 : RecordBatch.NO_TIMESTAMP, pid, epoch, sequence, isTransactional, 5);
    filler.fill(b);
    save(name, b.build());
  }

  static void save(String name, MemoryRecords records) throws Exception {
    names.add(name);
    ByteBuffer buffer = records.buffer().duplicate();
    byte[] raw = new byte[buffer.remaining()];
    buffer.get(raw);
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < raw.length; i++) hex.append(String.format("%02x", raw[i])).append(i % 32 == 31 ? "\n" : "");
    Files.writeString(folder.resolve("batch-" + name + ".hex"), hex.append('\n').toString());
    StringBuilder json = new StringBuilder("{\n");
    for (MutableRecordBatch batch : records.batches()) {
      json.append(String.format("  \"baseOffset\": \"%d\", \"lastOffset\": \"%d\", \"compression\": \"%s\", \"timestampType\": \"%s\",%n", batch.baseOffset(), batch.lastOffset(), batch.compressionType().name, batch.timestampType().name));
      json.append(String.format("  \"isTransactional\": %b, \"isControl\": %b, \"producerId\": \"%d\", \"producerEpoch\": %d, \"baseSequence\": %d, \"maxTimestampMs\": %d,%n  \"records\": [%n", batch.isTransactional(), batch.isControlBatch(), batch.producerId(), batch.producerEpoch(), batch.baseSequence(), batch.maxTimestamp()));
      StringJoiner rows = new StringJoiner(",\n");
      for (var r : batch) {
        StringJoiner headers = new StringJoiner(",");
        for (Header h : r.headers()) headers.add("[" + text(bytes(h.key())) + "," + text(h.value()) + "]");
        rows.add(String.format("    [\"%d\",%d,%s,%s,[%s]]", r.offset(), r.timestamp(), text(array(r.key())), text(array(r.value())), headers));
      }
      json.append(rows).append("\n  ]\n");
    }
    Files.writeString(folder.resolve("batch-" + name + ".json"), json.append("}\n").toString());
  }

  static byte[] array(ByteBuffer b) {
    if (b == null) return null;
    byte[] a = new byte[b.remaining()];
    b.duplicate().get(a);
    return a;
  }

  /** Base64, or for long values "sha256 LENGTH HASH". */
  static String text(byte[] b) throws Exception {
    if (b == null) return "null";
    if (b.length <= 300) return '"' + Base64.getEncoder().encodeToString(b) + '"';
    return "\"sha256 " + b.length + " " + HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(b)) + '"';
  }
}
