import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.*;
import org.apache.kafka.connect.data.*;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.apache.kafka.connect.transforms.*;

/** Prints what Apache Kafka's own converters and transforms make of fixed inputs, one JSON-ish line a case. */
public class JsonConverterGolden {
  static void put(String name, JsonConverter c, Schema s, Object v) {
    byte[] b = c.fromConnectData("t", s, v);
    System.out.println(name + "\t" + (b == null ? "<null>" : new String(b)));
  }
  public static void main(String[] a) {
    JsonConverter on = new JsonConverter(); on.configure(Map.of("schemas.enable", "true"), false);
    JsonConverter num = new JsonConverter(); num.configure(Map.of("schemas.enable", "true", "decimal.format", "NUMERIC"), false);
    JsonConverter off = new JsonConverter(); off.configure(Map.of("schemas.enable", "false"), false);
    Schema address = SchemaBuilder.struct().name("addr").optional().field("zip", Schema.OPTIONAL_STRING_SCHEMA).build();
    Schema s = SchemaBuilder.struct().name("row").version(3).doc("a row")
      .field("i8", Schema.INT8_SCHEMA).field("i16", Schema.INT16_SCHEMA).field("i32", Schema.INT32_SCHEMA)
      .field("i64", Schema.INT64_SCHEMA).field("f32", Schema.FLOAT32_SCHEMA).field("f64", Schema.FLOAT64_SCHEMA)
      .field("b", Schema.BOOLEAN_SCHEMA).field("str", SchemaBuilder.string().defaultValue("dflt").doc("text").build())
      .field("nul", Schema.OPTIONAL_STRING_SCHEMA).field("bytes", Schema.BYTES_SCHEMA)
      .field("arr", SchemaBuilder.array(Schema.INT32_SCHEMA).build())
      .field("map", SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT64_SCHEMA).build())
      .field("imap", SchemaBuilder.map(Schema.INT32_SCHEMA, Schema.STRING_SCHEMA).build())
      .field("addr", address).field("dec", Decimal.schema(2)).field("date", Date.SCHEMA).field("time", Time.SCHEMA)
      .field("ts", Timestamp.SCHEMA).field("ots", Timestamp.builder().optional().build()).build();
    Struct v = new Struct(s).put("i8", (byte) -8).put("i16", (short) 300).put("i32", 70000).put("i64", 9007199254740993L)
      .put("f32", 1.1f).put("f64", 1e21).put("b", true).put("str", "한글 \"q\" \\ \n \u0001 😀 / </a>").put("bytes", ByteBuffer.wrap(new byte[]{0, 1, -1}))
      .put("arr", List.of(1, 2, 3)).put("map", new TreeMap<>(Map.of("a", 1L, "b", 2L))).put("imap", new TreeMap<>(Map.of(1, "x")))
      .put("addr", new Struct(address).put("zip", "12345")).put("dec", new BigDecimal("-12.30"))
      .put("date", new java.util.Date(86400000L * 19000)).put("time", new java.util.Date(3723004L)).put("ts", new java.util.Date(1700000000123L));
    put("struct.on", on, s, v); put("struct.numeric", num, s, v); put("struct.off", off, s, v);
    put("string.on", on, Schema.STRING_SCHEMA, "first message"); put("string.optional", on, Schema.OPTIONAL_STRING_SCHEMA, "x");
    put("null.on", on, Schema.OPTIONAL_STRING_SCHEMA, null); put("null.noschema.on", on, null, null); put("null.off", off, null, null);
    put("schemaless.on", on, null, new TreeMap<>(Map.of("a", 1, "b", List.of(true, 1.5)))); put("int.off", off, Schema.INT32_SCHEMA, 5);
    for (Object d : new Object[]{0.1, 100.0, 1e7, 1.0E10, 123456789.125, 1e-5, 4.9e-324, Double.MAX_VALUE, -0.0}) put("f64 " + d, off, Schema.FLOAT64_SCHEMA, d);
    for (Object d : new Object[]{0.1f, 16777216f, 3.4028235e38f, 1e-10f}) put("f32 " + d, off, Schema.FLOAT32_SCHEMA, d);
    for (Object d : new Object[]{Double.NaN, Double.POSITIVE_INFINITY}) put("f64 " + d, off, Schema.FLOAT64_SCHEMA, d);
    for (String in : new String[]{"{\"schema\":{\"type\":\"string\",\"optional\":false},\"payload\":\"x\"}", "{\"schema\":null,\"payload\":{\"a\":1}}", "{\"payload\":1}", "[1,2]", "nope", "{\"schema\":{\"type\":\"int32\"},\"payload\":\"x\"}", "{\"schema\":{\"type\":\"struct\",\"fields\":[{\"field\":\"a\",\"type\":\"int32\",\"optional\":false}]},\"payload\":{}}"}) {
      try { SchemaAndValue r = on.toConnectData("t", in.getBytes()); System.out.println("read.on " + in + "\t" + r.schema() + " " + r.value() + " " + (r.value() == null ? null : r.value().getClass().getSimpleName())); }
      catch (Exception e) { System.out.println("read.on " + in + "\t" + e.getClass().getName() + ": " + e.getMessage() + (e.getCause() == null ? "" : " <- " + e.getCause().getClass().getName())); }
    }
    try { SchemaAndValue r = off.toConnectData("t", "{\"a\":12345678901234567890,\"b\":1.0,\"c\":9007199254740993}".getBytes()); System.out.println("read.off\t" + r.value()); } catch (Exception e) { System.out.println("read.off\t" + e); }
    SimpleHeaderConverter h = new SimpleHeaderConverter();
    for (String x : new String[]{"true", "12", "300", "70000", "3000000000", "1.5", "abc", "[1,2]", "{\"a\":1}", "2019-01-01", "2019-01-01T00:00:00.000Z", "null", "\"q\"", ""}) {
      SchemaAndValue r = h.toConnectHeader("t", "h", x.getBytes()); System.out.println("header " + x + "\t" + (r.schema() == null ? "null" : r.schema().type() + "/" + r.schema().name()) + " " + r.value());
    }
  }
}
