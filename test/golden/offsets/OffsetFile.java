import java.io.*;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.runtime.standalone.StandaloneConfig;
import org.apache.kafka.connect.storage.FileOffsetBackingStore;

/**
 * Apache Kafka's own offset file store, both ways. java -cp "LIBS/*" OffsetFile.java write|read|objects FILE
 *   write    reads lines «key hex, space, value hex or -» and stores them with FileOffsetBackingStore
 *   read     prints the file's entries as such lines, sorted
 *   objects  writes with plain object streams a map in which arrays are shared, empty and null
 */
public class OffsetFile {
  static byte[] bytes(String hex) { return hex.equals("-") ? null : HexFormat.of().parseHex(hex); }
  static String hex(byte[] b) { return b == null ? "-" : HexFormat.of().formatHex(b); }

  static FileOffsetBackingStore store(String file) {
    JsonConverter keys = new JsonConverter(); keys.configure(Map.of("schemas.enable", "false"), true);
    FileOffsetBackingStore store = new FileOffsetBackingStore(keys);
    store.configure(new StandaloneConfig(Map.of("offset.storage.file.filename", file, "bootstrap.servers", "127.0.0.1:1", "key.converter", "org.apache.kafka.connect.json.JsonConverter", "value.converter", "org.apache.kafka.connect.json.JsonConverter")));
    store.start();
    return store;
  }

  public static void main(String[] a) throws Exception {
    try { work(a); } catch (Throwable e) { e.printStackTrace(); System.exit(1); }
    System.exit(0);
  }

  @SuppressWarnings("unchecked")
  static void work(String[] a) throws Exception {
    switch (a[0]) {
      case "write" -> {
        FileOffsetBackingStore store = store(a[1]);
        Map<ByteBuffer, ByteBuffer> map = new LinkedHashMap<>();
        for (String line : new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
          if (line.isEmpty()) continue;
          String[] p = line.split(" "); byte[] v = bytes(p[1]);
          map.put(ByteBuffer.wrap(bytes(p[0])), v == null ? null : ByteBuffer.wrap(v));
        }
        store.set(map, (e, r) -> { }).get(10, TimeUnit.SECONDS);
        store.stop();
      }
      case "read" -> {
        // The store itself tells nothing but values of known keys: start() proves that it takes the file, then the map is read the same way.
        FileOffsetBackingStore store = store(a[1]);
        Map<byte[], byte[]> map;
        try (ObjectInputStream in = new ObjectInputStream(new FileInputStream(a[1]))) { map = (HashMap<byte[], byte[]>) in.readObject(); }
        List<String> lines = new ArrayList<>();
        for (Map.Entry<byte[], byte[]> e : map.entrySet()) {
          Map<ByteBuffer, ByteBuffer> got = store.get(List.of(ByteBuffer.wrap(e.getKey()))).get(10, TimeUnit.SECONDS);
          ByteBuffer v = got.values().iterator().hasNext() ? got.values().iterator().next() : null;
          if (!Objects.equals(v, e.getValue() == null ? null : ByteBuffer.wrap(e.getValue()))) throw new IllegalStateException("The store does not give what the file holds");
          lines.add(hex(e.getKey()) + " " + hex(e.getValue()));
        }
        Collections.sort(lines);
        for (String line : lines) System.out.println(line);
        store.stop();
      }
      case "objects" -> {
        byte[] shared = "{\"position\":5}".getBytes(StandardCharsets.UTF_8);
        HashMap<byte[], byte[]> map = new HashMap<>();
        map.put("[\"a\",{\"f\":1}]".getBytes(StandardCharsets.UTF_8), shared);
        map.put("[\"b\",{\"f\":2}]".getBytes(StandardCharsets.UTF_8), shared);
        map.put("[\"c\",{\"f\":3}]".getBytes(StandardCharsets.UTF_8), null);
        map.put(new byte[0], shared);
        byte[] both = "self".getBytes(StandardCharsets.UTF_8);
        map.put(both, both);
        try (ObjectOutputStream out = new ObjectOutputStream(new FileOutputStream(a[1]))) { out.writeObject(map); }
      }
    }
  }
}
