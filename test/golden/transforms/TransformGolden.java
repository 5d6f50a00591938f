import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.text.ParsePosition;
import java.text.SimpleDateFormat;
import java.util.*;
import java.util.regex.Pattern;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.*;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;

/**
 * Prints what Apache Kafka's own transforms and predicates, and Java's expressions and date patterns, make of the inputs in cases.json.
 * java -Duser.timezone=UTC -Duser.language=en -cp "LIBS/*" TransformGolden.java cases.json > results.json
 */
public class TransformGolden {
  static final ObjectMapper JSON = new ObjectMapper();
  static final JsonConverter CONVERTER = new JsonConverter();
  interface Work { String get() throws Exception; }

  static String attempt(String stage, Work work) {
    try { return work.get(); } catch (Throwable e) { return "! " + (stage.isEmpty() ? "" : stage + " ") + e.getClass().getName() + ": " + e.getMessage(); }
  }

  static String schema(Schema s) {
    if (s == null) return "null";
    StringBuilder b = new StringBuilder(s.type().toString());
    if (s.type() == Schema.Type.ARRAY) b.append('<').append(schema(s.valueSchema())).append('>');
    if (s.type() == Schema.Type.MAP) b.append('<').append(schema(s.keySchema())).append(',').append(schema(s.valueSchema())).append('>');
    if (s.type() == Schema.Type.STRUCT) { b.append('{'); for (Field f : s.fields()) b.append(f.name()).append(':').append(schema(f.schema())).append(';'); b.append('}'); }
    if (s.name() != null) b.append('(').append(s.name()).append(')');
    if (s.version() != null) b.append('@').append(s.version());
    if (s.doc() != null) b.append('"').append(s.doc()).append('"');
    if (s.parameters() != null) b.append(new TreeMap<>(s.parameters()));
    if (s.isOptional()) b.append('?');
    if (s.defaultValue() != null) b.append('=').append(text(s.defaultValue()));
    return b.toString();
  }

  static String text(Object v) {
    if (v instanceof byte[]) return "bytes:" + HexFormat.of().formatHex((byte[]) v);
    if (v instanceof ByteBuffer) { byte[] b = new byte[((ByteBuffer) v).remaining()]; ((ByteBuffer) v).duplicate().get(b); return text(b); }
    if (v instanceof java.util.Date) return "date:" + ((java.util.Date) v).getTime();
    if (v instanceof List) { StringJoiner j = new StringJoiner(",", "[", "]"); for (Object o : (List<?>) v) j.add(text(o)); return j.toString(); }
    if (v instanceof Map) { TreeSet<String> all = new TreeSet<>(); for (Map.Entry<?, ?> e : ((Map<?, ?>) v).entrySet()) all.add(text(e.getKey()) + "=" + text(e.getValue())); return "{" + String.join(",", all) + "}"; }
    if (v instanceof Struct) { StringJoiner j = new StringJoiner(",", "Struct{", "}"); for (Field f : ((Struct) v).schema().fields()) j.add(f.name() + "=" + text(((Struct) v).getWithoutDefault(f.name()))); return j.toString(); }
    return String.valueOf(v);
  }

  static String record(ConnectRecord<?> r) {
    if (r == null) return "dropped";
    StringBuilder b = new StringBuilder(r.topic() + " " + r.kafkaPartition() + " " + r.timestamp());
    b.append("\nkey ").append(schema(r.keySchema())).append(" = ").append(text(r.key()));
    b.append("\nvalue ").append(schema(r.valueSchema())).append(" = ").append(text(r.value()));
    for (Header h : r.headers()) b.append("\nheader ").append(h.key()).append(' ').append(schema(h.schema())).append(" = ").append(text(h.value()));
    return b.toString();
  }

  static SchemaAndValue data(JsonNode node) throws Exception {
    return node == null || node.isNull() ? SchemaAndValue.NULL : CONVERTER.toConnectData("t", JSON.writeValueAsBytes(node));
  }

  static ConnectRecord<?> make(JsonNode r) throws Exception {
    SchemaAndValue key = data(r.get("key")), value = data(r.get("value"));
    String topic = r.path("topic").asText("orders");
    Long timestamp = r.hasNonNull("timestamp") ? r.get("timestamp").asLong() : null;
    ConnectRecord<?> made = r.path("isSource").asBoolean()
        ? new SourceRecord(Map.of("p", 1), Map.of("o", 2), topic, null, key.schema(), key.value(), value.schema(), value.value(), timestamp)
        : new SinkRecord(topic, 3, key.schema(), key.value(), value.schema(), value.value(), 42L, timestamp, TimestampType.CREATE_TIME);
    for (JsonNode h : r.path("headers")) made.headers().add(h.get(0).asText(), data(h.get(1)));
    return made;
  }

  static Map<String, String> config(JsonNode node) {
    Map<String, String> config = new HashMap<>();
    node.properties().forEach(e -> config.put(e.getKey(), e.getValue().asText()));
    return config;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  static String run(JsonNode chain, JsonNode input) throws Exception {
    ConnectRecord<?> record = make(input);
    for (JsonNode step : chain) {
      Object plugin = Class.forName("org.apache.kafka.connect.transforms." + step.get(0).asText()).getDeclaredConstructor().newInstance();
      try { ((org.apache.kafka.common.Configurable) plugin).configure(config(step.get(1))); }
      catch (Throwable e) { return "! configure " + e.getClass().getName() + ": " + e.getMessage(); }
      if (plugin instanceof Predicate) return String.valueOf(((Predicate) plugin).test((ConnectRecord) record));
      record = ((Transformation) plugin).apply((ConnectRecord) record);
      if (record == null) break;
    }
    return record(record);
  }

  public static void main(String[] args) throws Exception {
    CONVERTER.configure(Map.of("schemas.enable", "true"), false);
    JsonNode in = JSON.readTree(new File(args[0]));
    ObjectNode out = JSON.createObjectNode();
    ArrayNode transforms = out.putArray("transforms");
    for (JsonNode one : in.get("transforms")) {
      ArrayNode results = transforms.addArray();
      for (JsonNode name : one.get(1)) {
        JsonNode input = Objects.requireNonNull(in.get("records").get(name.asText()), name.asText());
        results.add(attempt("apply", () -> run(one.get(0), input)));
      }
    }
    ArrayNode expressions = out.putArray("expressions");
    for (JsonNode one : in.get("expressions")) {
      ArrayNode results = expressions.addArray();
      for (JsonNode text : one.get(2)) {
        results.add(attempt("", () -> {
          var matcher = Pattern.compile(one.get(0).asText()).matcher(text.asText());
          return matcher.matches() ? "> " + matcher.replaceFirst(one.get(1).asText()) : "-";
        }));
      }
    }
    TimeZone utc = TimeZone.getTimeZone("UTC");
    ArrayNode written = out.putArray("written");
    for (JsonNode pattern : in.get("written").get(0)) {
      ArrayNode results = written.addArray();
      for (JsonNode ms : in.get("written").get(1)) {
        results.add(attempt("", () -> { SimpleDateFormat f = new SimpleDateFormat(pattern.asText()); f.setTimeZone(utc); return f.format(new java.util.Date(ms.asLong())); }));
      }
    }
    ArrayNode read = out.putArray("read");
    for (JsonNode one : in.get("read")) {
      ArrayNode results = read.addArray();
      for (JsonNode text : one.get(1)) {
        results.add(attempt("", () -> { SimpleDateFormat f = new SimpleDateFormat(one.get(0).asText()); f.setTimeZone(utc); java.util.Date d = f.parse(text.asText(), new ParsePosition(0)); return d == null ? "-" : String.valueOf(d.getTime()); }));
      }
    }
    // One line a group, so that changes can be read.
    StringBuilder text = new StringBuilder("{");
    for (Map.Entry<String, JsonNode> section : out.properties()) {
      StringJoiner lines = new StringJoiner(",\n", "\n\"" + section.getKey() + "\": [\n", "\n]");
      for (JsonNode line : section.getValue()) lines.add(JSON.writeValueAsString(line));
      text.append(text.length() == 1 ? "" : ",").append(lines);
    }
    System.out.write((text + "\n}\n").getBytes(StandardCharsets.UTF_8));
    System.out.flush();
  }
}
