import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.text.SimpleDateFormat;
import java.util.*;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.converters.*;
import org.apache.kafka.connect.data.*;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.*;

/**
 * Prints what Apache Kafka Connect's own code makes of fixed inputs: one JSON array [section, input, output] a line.
 * java -Duser.timezone=UTC -cp "LIBS/*" RecordGolden.java > record-golden.jsonl
 */
public class RecordGolden {
  static String q(String s) {
    if (s == null) return "null";
    StringBuilder b = new StringBuilder("\"");
    for (char c : s.toCharArray()) {
      if (c == '"' || c == '\\') b.append('\\').append(c);
      else if (c < 32 || c > 126) b.append(String.format("\\u%04x", (int) c));
      else b.append(c);
    }
    return b.append('"').toString();
  }
  static void line(String section, String in, String... out) {
    StringBuilder b = new StringBuilder("[").append(q(section)).append(',').append(q(in));
    for (String o : out) b.append(',').append(q(o));
    System.out.println(b.append(']'));
  }
  interface Work { String get() throws Exception; }
  static String attempt(Work w) {
    try { return w.get(); } catch (Throwable e) {
      StringBuilder b = new StringBuilder("! ").append(e.getClass().getName()).append(": ").append(e.getMessage());
      for (Throwable c = e.getCause(); c != null; c = c.getCause()) { if (c.getClass().getName().startsWith("org.apache.kafka")) b.append(" <- ").append(c.getClass().getName()); else break; }
      return b.toString();
    }
  }
  static String describe(Schema s) {
    if (s == null) return "null";
    String o = s.isOptional() ? "?" : "", n = s.name() == null ? "" : "(" + s.name() + ")";
    switch (s.type()) {
      case ARRAY: return "ARRAY<" + describe(s.valueSchema()) + ">" + n + o;
      case MAP: return "MAP<" + describe(s.keySchema()) + "," + describe(s.valueSchema()) + ">" + n + o;
      case STRUCT: { StringBuilder b = new StringBuilder("STRUCT{"); for (Field f : s.fields()) b.append(f.name()).append(':').append(describe(f.schema())).append(';'); return b + "}" + n + o; }
      default: return s.type() + n + o;
    }
  }
  static String text(Object v) { return v instanceof byte[] ? "bytes:" + HexFormat.of().formatHex((byte[]) v) : String.valueOf(v); }
  static String both(SchemaAndValue r) { return describe(r.schema()) + " = " + text(r.value()); }
  static byte[] latin1(String s) { return s.getBytes(StandardCharsets.ISO_8859_1); }

  static void numbers() {
    double[] d = {0.0, -0.0, 1, -1, 0.1, 0.001, 0.000999, 9999999, 1e7, 12345678.9, 1e10, 1e21, 1e22, 1e23, 2e23, 1e-5, 123456789.125, 4.9e-324, 1e-323, 2.2250738585072014e-308, 1.7976931348623157e308, 3.141592653589793, 100, 1.0e-3, 9007199254740992d, 9007199254740993d, 4611686018427387904d, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (double x : d) line("double", Long.toHexString(Double.doubleToRawLongBits(x)), Double.toString(x));
    float[] f = {0f, -0f, 1, 0.1f, 1.1f, 0.001f, 9.99e-4f, 9999999f, 1e7f, 16777216f, 3.4028235e38f, 1e-10f, 1.4e-45f, 2.8e-45f, 1.17549435e-38f, 100f, 2899499.25f, 155866.125f, 8388608f, 33554432f, Float.NaN, Float.POSITIVE_INFINITY};
    for (float x : f) line("float", Integer.toHexString(Float.floatToRawIntBits(x)), Float.toString(x));
    Random r = new Random(7);
    for (int i = 0; i < 1500; i++) {
      double x = i % 3 == 0 ? Double.longBitsToDouble(r.nextLong()) : i % 3 == 1 ? r.nextDouble() * Math.pow(10, r.nextInt(12) - 4) : Math.round(r.nextDouble() * 1e8) / (double) new int[]{1, 10, 100, 1000, 10000}[r.nextInt(5)];
      line("double", Long.toHexString(Double.doubleToRawLongBits(x)), Double.toString(x));
      float y = i % 2 == 0 ? Float.intBitsToFloat(r.nextInt()) : (float) (Math.round(r.nextDouble() * 1e5) / 100.0);
      line("float", Integer.toHexString(Float.floatToRawIntBits(y)), Float.toString(y));
    }
    String[] dec = {"0", "-0", "0.0", "1", "-1", "12.30", "-12.30", "1E+3", "1e3", "1E-10", "5e-10", "0.000001", "0.0000001", "123E5", "123e-5", "1.23E-20", "100", "1.00", "00.10", ".5", "5.", "+7", "127", "128", "-128", "-129", "255", "256", "-32768", "-32769", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "123456789012345678901234567890.123456789", "1.00000017881393432617187499", "1.00000017881393432617187500", "1.00000017881393432617187501", "3.4028235677973366e38", "3.40282356779733661637539395458142568447e38", "3.40282356779733661637539395458142568448e38", "1e400", "1e-400", "7.00649232162408535461864791644958065640130970938257885878534141944895541342930300743319094181060791015625e-46", "7.1e-46", "1e2147483647", "1e-2147483647", "1e2147483648", "", "+", ".", "e5", "1e", "1e+", " 1", "1 ", "0x1", "1_0", "NaN", "1e99999999999", "--1", "1.2.3"};
    for (String s : dec) line("decimal", s, attempt(() -> { BigDecimal b = new BigDecimal(s); return b.unscaledValue() + " " + b.scale() + " " + b + " " + (Math.abs((long) b.scale()) < 1000 ? b.toPlainString() : "-") + " " + HexFormat.of().formatHex(b.unscaledValue().toByteArray()) + " " + Double.toHexString(b.doubleValue()) + " " + Float.toHexString(b.floatValue()) + " " + (Math.abs((long) b.scale()) < 1000 ? b.longValue() : "-"); }));
  }

  static void dates() {
    SimpleDateFormat f = new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
    for (long ms : new long[]{0, -1, 1700000000123L, 1642725853000L, -12219292800000L, -12219292800001L, -62135596800000L, -62135769600000L, -62135769600001L, -62167219200000L, -99999999999999L, 253402300799999L, 253402300800000L, 8640000000000000L, -8640000000000000L})
      line("date", Long.toString(ms), new java.util.Date(ms).toString(), f.format(new java.util.Date(ms)));
  }

  static void parse() {
    String[] t = {"1", "-7", "+7", " 7 ", "127", "128", "-128", "-129", "32767", "32768", "40000", "2147483647", "2147483648", "5000000000", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "12345678901234567890", "1.0", "1e3", "1.5", "0.1", "-0.5", "-0.0", "3.4e39", "1e18", "1e19", "1e20", "1e400", "1.5e400", "1e-400", "0.0", "1.0e2", "100.00", "1e", "1.", ".5", "+", "-", "0x1f", "1f", "1L", "1_000", "007",
      "true", "false", "TRUE", "True", " true ", "true}", "true,", "null", " null ", "null}", "NULL", "abc", "\"abc\"", "\"\"", "", " ", "  ", "\t", "a b", "abc,def", "abc:def", "한글", "\"1\"",
      "[]", "[1,2,300]", "[1,\"a\"]", "[1,2", "[1,,2]", "[,1]", "[1,]", "[null]", "[null,null]", "[1,null,3]", "[1.5,2]", "[1,2.5]", "[true,false]", "[true,1]", "[abc]", "[\"a\",\"b\"]", "[\"a,b\"]", "[[1],[2]]", "[[1],[\"a\"]]", "[{\"a\":1}]", "[ 1 , 2 ]", "[1] ", " [1]", "[1]x", "[1][2]", "[128,1]", "[5000000000,1]", "[1,5000000000]", "[1,1.5,5000000000]", "[1.5,3.4e39]", "[3.4e39,1]", "[12345678901234567890,1]", "[1,12345678901234567890]", "[2019-08-23]", "[\"2019-08-23\"]", "[\"2019-08-23\",1]", "[14:34:54.346Z]", "[\"14:34:54.346Z\"]", "[2019-08-23T14:34:54.346Z]", "[\"true\"]", "[\"a\\\"b\"]", "[\"a\\\\b\"]", "[\" a \"]", "[\"unterminated]", "[\"a\"b]", "[true,false,null]", "[nulls]", "[truex]",
      "{}", "{\"a\":1}", "{a:1}", "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":\"x\"}", "{\"a\":null}", "{\"a\":null,\"b\":1}", "{1:2}", "{1:\"a\",200:\"b\"}", "{\"a\":1", "{\"a\"}", "{\"a\":}", "{:1}", "{,}", "{null:1}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{ \"a\" : 1 }", "{\"a\":[1,2]}", "{\"a\":{\"b\":1}}", "{\"a\":1}x", "{[1]:2}", "{true:false}", "{\"a\":1,\"a\":2}", "{\"a\":128,\"b\":1}", "{\"k\":2019-08-23}", "{\"2019-08-23\":1}",
      "2019-08-23", "2019-8-23", "2019-13-45", "2019-00-00", "20190823", "2019-08-23T14:34:54.346Z", "2019-08-23T14\\:34\\:54.346Z", "2019-08-23T14:34:54.346", "2019-08-23T14:34:54Z", "2019-08-23 14:34:54.346Z", "14:34:54.346Z", "14\\:34\\:54.346Z", "25:61:61.999Z", "14:34:54.346z", "1:2:3.4Z", "14:34:54", "1582-10-10", "1582-10-15", "1582-10-04", "0001-01-01", "0000-00-00", "9999-12-31", "2019-02-30", "2019-08-2x", "2019-08-xx", "2019-0x-01", "12345-01-1", "+019-08-23", "1-1-1-1-11", "2019/08/23", "12:34:56.7890", "99:99:99.999Z", "00:00:00.000Z",
      "1,2", "1:2", "1}", "1]", "1\"", "-1,2", "1.5,2", "}", "]", ",", ":", "\"", "\\", "\\\"", "a\\", "\\[1]", "[\\]", "1 2", "[1 2]", "\u0660", "\u0661\u0662", "\uff11"};
    for (String s : t) {
      line("parse", s, attempt(() -> both(Values.parseString(s))));
      line("header", s, attempt(() -> both(new SimpleHeaderConverter().toConnectHeader("t", "h", s.getBytes(StandardCharsets.UTF_8)))));
    }
    line("parse", null, attempt(() -> both(Values.parseString(null))));
  }

  static JsonConverter json(String... kv) { Map<String, String> m = new HashMap<>(); for (int i = 0; i < kv.length; i += 2) m.put(kv[i], kv[i + 1]); JsonConverter c = new JsonConverter(); c.configure(m, false); return c; }

  static void jsonCases() {
    JsonConverter on = json(), off = json("schemas.enable", "false"), num = json("decimal.format", "NUMERIC"), keep = json("replace.null.with.default", "false"), offKeep = json("schemas.enable", "false", "replace.null.with.default", "false");
    String D = "\"type\":\"bytes\",\"name\":\"org.apache.kafka.connect.data.Decimal\",\"version\":1,\"parameters\":{\"scale\":\"2\"}";
    String DATE = "{\"type\":\"int32\",\"name\":\"org.apache.kafka.connect.data.Date\",\"version\":1}", TIME = DATE.replace("data.Date", "data.Time"), TS = DATE.replace("data.Date", "data.Timestamp").replace("int32", "int64");
    String[][] typed = {
      {"{\"type\":\"int8\"}", "1", "-128", "127", "128", "300", "1.9", "-1.9", "\"5\"", "true", "null", "1e3", "123456789012345678901", "[]", "{}", "-0", "-0.0"},
      {"{\"type\":\"int16\"}", "32768", "1e30", "65535"}, {"{\"type\":\"int32\"}", "2147483648", "4294967296", "1e10", "123456789012345678901.5", "1e100", "-1.5e3", "007"},
      {"{\"type\":\"int64\"}", "9223372036854775807", "9223372036854775808", "123456789012345678901", "1.5", "1e19", "1e64", "-0.9", "\"x\"", "1e-400"},
      {"{\"type\":\"float\"}", "1", "1.1", "16777217", "1e39", "-1e39", "1e-50", "\"NaN\"", "-0.0", "9223372036854775807", "123456789012345678901", "1.00000017881393432617187501", "0.1"},
      {"{\"type\":\"double\"}", "1", "0.1", "1e400", "\"NaN\"", "-0.0", "-0", "9007199254740993", "123456789012345678901", "1E-7", "1.0e+2", "true"},
      {"{\"type\":\"boolean\"}", "true", "false", "1", "\"true\"", "null"}, {"{\"type\":\"boolean\",\"optional\":true}", "null"},
      {"{\"type\":\"string\"}", "\"x\"", "\"\"", "\"\\u0041\\n\\/\\\"\"", "1", "true", "[\"a\"]", "{}", "null", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"tab\tin\"", "\"\\x\"", "\"\\u12\"", "\"a", "\"a\"x", "\"\u007f\""},
      {"{\"type\":\"string\",\"optional\":true}", "1", "null"}, {"{\"type\":\"string\",\"default\":\"d\"}", "null", "\"x\"", "1"}, {"{\"type\":\"string\",\"optional\":true,\"default\":\"d\"}", "null"},
      {"{\"type\":\"bytes\"}", "\"AQI=\"", "\"AQI\"", "\"AQ==\"", "\"\"", "\"A\"", "\"AQ=\"", "\"AQI=AQI=\"", "\" AQI=\"", "\"AQ I=\"", "\"AQI=\\n\"", "\"____\"", "\"AR==\"", "\"!!!!\"", "1", "[1]", "null"},
      {"{\"type\":\"array\",\"items\":{\"type\":\"int32\"}}", "[]", "[1,2]", "[1,\"x\"]", "[null]", "{\"a\":1,\"b\":2}", "1", "\"x\"", "null"},
      {"{\"type\":\"array\",\"items\":{\"type\":\"string\"}}", "[1]"}, {"{\"type\":\"array\",\"items\":{\"type\":\"int32\",\"optional\":true}}", "[null,1]"},
      {"{\"type\":\"map\",\"keys\":{\"type\":\"string\"},\"values\":{\"type\":\"int64\"}}", "{\"k\":1}", "{}", "[]", "[[\"k\",1]]", "1", "{\"k\":null}", "{\"k\":1,\"k\":2}", "{\"__proto__\":1}"},
      {"{\"type\":\"map\",\"keys\":{\"type\":\"int32\"},\"values\":{\"type\":\"string\"}}", "[[1,\"x\"]]", "{}", "[1]", "[[1]]", "[[1,\"x\",2]]", "[]", "{\"1\":\"x\"}"},
      {"{\"type\":\"struct\",\"fields\":[{\"field\":\"a\",\"type\":\"int32\"},{\"field\":\"b\",\"type\":\"string\",\"optional\":true}]}", "{\"a\":1}", "{\"b\":\"x\"}", "{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":3}", "{\"a\":1,\"a\":2}", "[]", "null", "\"x\"", "{\"a\":\"x\",\"b\":\"y\"}", "{\"b\":null,\"a\":1}"},
      {"{\"type\":\"struct\",\"fields\":[{\"field\":\"s\",\"type\":\"string\"}]}", "{\"s\":1}", "{\"s\":null}", "{}"},
      {"{\"type\":\"struct\",\"fields\":[{\"field\":\"d\",\"type\":\"int32\",\"default\":5},{\"field\":\"e\",\"type\":\"int32\",\"optional\":true,\"default\":6}]}", "{}", "{\"d\":null,\"e\":null}", "{\"d\":1,\"e\":2}"},
      {"{\"type\":\"struct\",\"fields\":[]}", "{}", "{\"a\":1}"}, {"{\"type\":\"struct\",\"fields\":[{\"field\":\"__proto__\",\"type\":\"int32\"},{\"field\":\"constructor\",\"type\":\"int32\"}]}", "{\"__proto__\":1,\"constructor\":2}", "{}"},
      {"{" + D + "}", "\"BNI=\"", "12.30", "12.3", "12", "1E+3", "\"\"", "true", "[]", "null", "\"!\"", "1e400", "-0.00", "\"+zI=\"", "123456789012345678901234567890.12"},
      {"{" + D.replace(",\"parameters\":{\"scale\":\"2\"}", "") + "}", "\"BNI=\"", "12.30"}, {"{" + D.replace("\"2\"", "\"x\"") + "}", "\"BNI=\""}, {"{" + D + ",\"default\":\"BNI=\"}", "null", "1.00"},
      {DATE, "0", "19000", "-1", "2147483647", "1.5", "\"x\"", "9007199254740993", "null"}, {TIME, "0", "3723004", "86400000", "86400001", "-1", "\"x\""}, {TS, "0", "1700000000123", "-1", "1.5", "\"x\"", "null"},
      {"{\"type\":\"string\",\"name\":\"org.apache.kafka.connect.data.Date\"}", "19000", "\"x\""}, {"{\"type\":\"int64\",\"name\":\"other\",\"version\":2}", "5"},
      {"{}", "1"}, {"\"x\"", "1"}, {"[]", "1"}, {"5", "1"}, {"{\"type\":\"int\"}", "1"}, {"{\"type\":1}", "1"}, {"{\"type\":\"INT32\"}", "1"}, {"{\"type\":\"array\"}", "[]"}, {"{\"type\":\"array\",\"items\":null}", "[]"}, {"{\"type\":\"map\",\"keys\":{\"type\":\"string\"}}", "{}"}, {"{\"type\":\"map\",\"values\":{\"type\":\"string\"}}", "{}"}, {"{\"type\":\"struct\"}", "{}"}, {"{\"type\":\"struct\",\"fields\":{}}", "{}"}, {"{\"type\":\"struct\",\"fields\":[{\"type\":\"int32\"}]}", "{}"}, {"{\"type\":\"struct\",\"fields\":[{\"field\":\"a\",\"type\":\"int32\"},{\"field\":\"a\",\"type\":\"int32\"}]}", "{}"}, {"{\"type\":\"struct\",\"fields\":[{\"field\":\"\",\"type\":\"int32\",\"optional\":true}]}", "{}"}, {"{\"type\":\"struct\",\"fields\":[1]}", "{}"}, {"{\"type\":\"struct\",\"fields\":[null]}", "{}"},
      {"{\"type\":\"int32\",\"optional\":\"true\"}", "null"}, {"{\"type\":\"int32\",\"name\":5,\"version\":\"1\",\"doc\":7}", "1"}, {"{\"type\":\"int32\",\"version\":1.5}", "1"}, {"{\"type\":\"int32\",\"version\":4294967297}", "1"}, {"{\"type\":\"int32\",\"parameters\":{\"a\":1}}", "1"}, {"{\"type\":\"int32\",\"parameters\":{}}", "1"}, {"{\"type\":\"int32\",\"parameters\":[]}", "1"}, {"{\"type\":\"int32\",\"default\":\"x\"}", "null"}, {"{\"type\":\"int32\",\"default\":null}", "1"}, {"{\"type\":\"int32\",\"optional\":true,\"default\":null}", "null"}, {"{\"type\":\"string\",\"default\":1}", "null"}, {"{\"type\":\"struct\",\"fields\":[{\"field\":\"a\",\"type\":\"int32\"}],\"default\":{\"a\":1}}", "null", "{\"a\":2}"}, {"{\"type\":\"array\",\"items\":{\"type\":\"int32\"},\"default\":[1,2]}", "null"}, {"{\"type\":\"string\",\"extra\":1}", "\"x\""},
      {"null", "1", "1.5", "\"x\"", "true", "null", "[1,\"a\",null]", "{\"a\":{\"b\":[1.0,-0.0,1e400]}}", "12345678901234567890", "-123456789012345678901", "0.1", "1e-400", "{\"__proto__\":{\"x\":1},\"a\":2}", "{\"a\":1,\"a\":2}"},
    };
    for (String[] row : typed) for (int i = 1; i < row.length; i++) {
      String in = "{\"schema\":" + row[0] + ",\"payload\":" + row[i] + "}";
      byte[] b = in.getBytes(StandardCharsets.UTF_8);
      SchemaAndValue[] r = new SchemaAndValue[1];
      String read = attempt(() -> { r[0] = on.toConnectData("t", b); return both(r[0]); });
      if (r[0] == null) { line("typed", in, read); continue; }
      SchemaAndValue v = r[0];
      String[] out = new String[6]; out[0] = read; int n = 1;
      for (JsonConverter c : new JsonConverter[]{on, off, num}) out[n++] = attempt(() -> { byte[] w = c.fromConnectData("t", v.schema(), v.value()); return w == null ? "<null>" : new String(w, StandardCharsets.UTF_8); });
      out[n++] = attempt(() -> Values.convertToString(v.schema(), v.value()));
      out[n++] = attempt(() -> both(keep.toConnectData("t", b)));
      line("typed", in, out);
    }
    String deep1000 = "[".repeat(1000) + "]".repeat(1000), deep1001 = "[".repeat(1001) + "]".repeat(1001);
    String[] raw = {"", " ", "null", "nul", "nulls", "null x", "true", "truex", "true,", "tru", "1", "01", "-01", "00", "-", "-x", "1.", ".5", "1.e3", "1e", "1e+", "1e5", "1E+05", "+1", "1 2", "1x", "1,", "1]", "12345678901234567890", "{\"a\":1} trailing", "[1]]", "[1,]", "[,1]", "[1 2]", "{\"a\":1,}", "{,}", "{a:1}", "{'a':1}", "{\"a\" 1}", "{\"a\":}", "{\"a\":1", "[1", "[", "{", "\"abc", "\"a\\\"", "\"\\u00zz\"", "\"a\nb\"", "/* c */ 1", "# c\n1", "NaN", "Infinity", "-Infinity", "[NaN]", "\u0000", "\ufeff1", "\u00ef\u00bb\u00bf{\"a\":1}", "\u00ff", "\"\u00ff\"", "\"\u00c3\u00a9\"", "\"\u00c3\"", "\"\u00c3x\"", "\"\u00c0\u0080\"", "\"\u00ed\u00a0\u0080\"", "\"\u00ed\u00a0\u00bd\u00ed\u00b8\u0080\"", "\"\u00f0\u009f\u0098\u0080\"", "\"\u00f0\u009f\u0098\"", "\"\u00f8\u0088\u0080\u0080\u0080\"", "\"\u0080\"", "\"\u00e0\u0080\u0080\"", "\"\u00f0\u0080\u0080\u0080\"", "\"\u00f4\u0090\u0080\u0080\"", "\"\u00f5\u0080\u0080\u0080\"", "\"\u00f7\u00bf\u00bf\u00bf\"", "{\"\u00ed\u00a0\u0080\":1}", "{\"\u00c0\u0080\":1}", "{\"\u00f4\u0090\u0080\u0080\":1}", "[] \u00ff", "1\u00ff", "{\"\u00c3\u00a9\":1}", "\u0000\"\u0000a\u0000\"", "\"\u0000a\u0000\"\u0000", "\u00fe\u00ff\u0000\"\u0000a\u0000\"", "\u00ff\u00fe\"\u0000a\u0000\"\u0000", "\u0000\u0000\u0000\"\u0000\u0000\u0000a\u0000\u0000\u0000\"", "\"\u0000\u0000\u0000a\u0000\u0000\u0000\"\u0000\u0000\u0000", "\u0000\u00001", deep1000, deep1001, "1".repeat(1000), "1".repeat(1001), "0." + "1".repeat(998), "0." + "1".repeat(999), "0." + "1".repeat(1000), "\f1", "\u00a01", "{\"a\":1}\u0000", "[1\u0000]", "{\"schema\":null,\"payload\":1}", "{\"payload\":1,\"schema\":null}", "{\"schema\":null,\"payload\":1,\"payload\":2}", "{\"schema\":null,\"payload\":1,\"x\":2}", "{\"schema\":null,\"payload\":1} x", " {\"schema\" : null , \"payload\" : 1 } ", "{\"schema\":{\"type\":\"string\"},\"payload\":\"a\"} trailing", "{\"schema\":{\"type\":\"string\"},\"payload\":\"a\",\"schema\":{\"type\":\"int32\"}}"};
    for (String s : raw) line("raw", s, attempt(() -> both(on.toConnectData("t", latin1(s)))), attempt(() -> both(off.toConnectData("t", latin1(s)))));
    line("raw", null, attempt(() -> both(on.toConnectData("t", null))), attempt(() -> both(off.toConnectData("t", null))));
    JsonConverter fixed = json("schema.content", "{\"type\":\"int32\"}");
    for (String s : new String[]{"5", "null", "", "{\"schema\":{\"type\":\"int32\"},\"payload\":5}", "\"x\""}) line("schema.content", s, attempt(() -> both(fixed.toConnectData("t", latin1(s)))));
    line("schema.content", null, attempt(() -> both(fixed.toConnectData("t", null))));
    for (String s : new String[]{"", " ", "null", "{", "{}", "5"}) line("schema.content.bad", s, attempt(() -> { JsonConverter c = json("schema.content", s); return both(c.toConnectData("t", latin1("5"))) + " / " + new String(c.fromConnectData("t", Schema.INT32_SCHEMA, 5)); }));
    StringBuilder all = new StringBuilder(); for (char c = 0; c < 0x180; c++) all.append(c); all.append("\u2028\u2029\ud83d\ude00\ud800x\udc00\ufffd\uffff\ufeff");
    for (String s : new String[]{all.toString(), "plain", "a\"b", "\ud83d", "x".repeat(9000) + "\ud83d\ude00"}) line("escape", s, new String(off.fromConnectData("t", Schema.STRING_SCHEMA, s), StandardCharsets.UTF_8), new String(off.fromConnectData("t", null, Map.of(s, 1)), StandardCharsets.UTF_8));
    Object[][] wrong = {{Schema.INT32_SCHEMA, "x"}, {Schema.STRING_SCHEMA, 5}, {Schema.STRING_SCHEMA, 5L}, {Schema.BYTES_SCHEMA, "x"}, {Schema.INT64_SCHEMA, null}, {null, new java.util.Date(0)}, {null, new BigDecimal("1.5")}, {Decimal.schema(2), "x"}, {Decimal.schema(2), new BigDecimal("1.5")}, {Date.SCHEMA, 5}, {Date.SCHEMA, new java.util.Date(1)}, {Time.SCHEMA, new java.util.Date(86400000)}, {Timestamp.SCHEMA, 5L}, {SchemaBuilder.array(Schema.INT32_SCHEMA).build(), "x"}, {SchemaBuilder.struct().field("a", Schema.INT32_SCHEMA).build(), "x"}, {SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT32_SCHEMA).build(), "x"}, {Schema.FLOAT64_SCHEMA, "x"}, {Schema.BOOLEAN_SCHEMA, "x"}, {SchemaBuilder.struct().field("a", Schema.INT32_SCHEMA).build(), new Struct(SchemaBuilder.struct().field("b", Schema.OPTIONAL_INT32_SCHEMA).build())}, {SchemaBuilder.struct().field("a", Schema.INT32_SCHEMA).build(), new Struct(SchemaBuilder.struct().field("a", Schema.INT32_SCHEMA).build())}};
    for (Object[] w : wrong) line("write.wrong", describe((Schema) w[0]) + " <- " + (w[1] instanceof Struct ? "Struct" : w[1]), attempt(() -> new String(on.fromConnectData("t", (Schema) w[0], w[1]))), attempt(() -> new String(num.fromConnectData("t", (Schema) w[0], w[1]))));
  }

  static void validation() {
    Schema s = SchemaBuilder.struct().field("a", Schema.INT32_SCHEMA).field("b", SchemaBuilder.array(Schema.STRING_SCHEMA).optional().build()).field("m", SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT64_SCHEMA).optional().build()).field("d", Decimal.builder(2).optional().build()).build();
    Object[][] puts = {{"a", "x"}, {"a", null}, {"a", 5L}, {"b", List.of(1)}, {"b", Arrays.asList("x", null)}, {"b", "x"}, {"m", Map.of(1, 1L)}, {"m", Map.of("a", "x")}, {"d", "x"}, {"d", 5L}, {"zz", 1}};
    for (Object[] p : puts) line("put", p[0] + " <- " + p[1], attempt(() -> new Struct(s).put((String) p[0], p[1]).toString()));
    line("validate", "empty", attempt(() -> { new Struct(s).validate(); return "ok"; }));
    line("notstruct", "int", attempt(() -> new Struct(Schema.INT32_SCHEMA).toString())); line("notstruct", "named", attempt(() -> new Struct(Decimal.schema(2)).toString()));
    line("default", "int32 <- x", attempt(() -> SchemaBuilder.int32().defaultValue("x").build().toString()));
  }

  static void converters() throws Exception {
    Object[][] all = {{"Boolean", new BooleanConverter(), Schema.BOOLEAN_SCHEMA}, {"Short", new ShortConverter(), Schema.INT16_SCHEMA}, {"Integer", new IntegerConverter(), Schema.INT32_SCHEMA}, {"Long", new LongConverter(), Schema.INT64_SCHEMA}, {"Float", new FloatConverter(), Schema.FLOAT32_SCHEMA}, {"Double", new DoubleConverter(), Schema.FLOAT64_SCHEMA}, {"ByteArray", new ByteArrayConverter(), Schema.BYTES_SCHEMA}, {"String", new StringConverter(), Schema.STRING_SCHEMA}};
    Object[][] values = {{"true", Schema.BOOLEAN_SCHEMA, true}, {"false", Schema.BOOLEAN_SCHEMA, false}, {"int8 1", Schema.INT8_SCHEMA, (byte) 1}, {"int16 -2", Schema.INT16_SCHEMA, (short) -2}, {"int32 70000", Schema.INT32_SCHEMA, 70000}, {"int64 9007199254740993", Schema.INT64_SCHEMA, 9007199254740993L}, {"float 1.1", Schema.FLOAT32_SCHEMA, 1.1f}, {"double -0.1", Schema.FLOAT64_SCHEMA, -0.1}, {"string x", Schema.STRING_SCHEMA, "x"}, {"bytes 00ff", Schema.BYTES_SCHEMA, new byte[]{0, -1}}, {"null", null, null}, {"null optional", Schema.OPTIONAL_STRING_SCHEMA, null}, {"schemaless string x", null, "x"}, {"schemaless true", null, true}, {"schemaless double 1.5", null, 1.5}, {"schemaless bytes 00ff", null, new byte[]{0, -1}}, {"date", Date.SCHEMA, new java.util.Date(0)}, {"decimal", Decimal.schema(1), new BigDecimal("1.5")}};
    for (Object[] c : all) {
      Converter k = (Converter) c[1]; k.configure(Map.of(), false);
      for (Object[] v : values) { if (c[0].equals("String") && String.valueOf(v[0]).contains("bytes")) continue; line("write." + c[0], (String) v[0], attempt(() -> { byte[] b = k.fromConnectData("t", (Schema) v[1], v[2]); return b == null ? "null" : HexFormat.of().formatHex(b); })); }
      for (String h : new String[]{"", "00", "01", "02", "0001", "ffff", "00000001", "3f8ccccd", "7fffffffffffffff", "bfb999999999999a", "000000000000000000", "ff61", "eda080"}) line("read." + c[0], h, attempt(() -> both(k.toConnectData("t", HexFormat.of().parseHex(h)))));
      line("read." + c[0], null, attempt(() -> both(k.toConnectData("t", null))));
    }
    for (String enc : new String[]{"UTF-8", "utf8", "UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "latin1", "US-ASCII", "ascii", "EUC-KR", "MS949", "Shift_JIS", "windows-1252", "nonsense", ""}) line("encoding", enc, attempt(() -> { StringConverter k = new StringConverter(); k.configure(Map.of("converter.encoding", enc), false); byte[] b = k.fromConnectData("t", Schema.STRING_SCHEMA, "a\u00e9\ud55c\ud83d\ude00\ud800"); return HexFormat.of().formatHex(b) + " " + k.toConnectData("t", b).value(); }));
    Object[][] specs = {{"JsonConverter", json()}, {"StringConverter", new StringConverter()}, {"ByteArrayConverter", new ByteArrayConverter()}, {"BooleanConverter", new BooleanConverter()}, {"IntegerConverter", new IntegerConverter()}, {"SimpleHeaderConverter", new SimpleHeaderConverter()}};
    for (Object[] s : specs) for (ConfigDef.ConfigKey k : ((s[1] instanceof HeaderConverter) ? ((HeaderConverter) s[1]).config() : ((Converter) s[1]).config()).configKeys().values()) line("spec." + s[0], k.name, k.type.toString(), k.hasDefault() ? String.valueOf(k.defaultValue) : "<required>", k.importance.toString(), k.group, "" + k.orderInGroup, k.width.toString(), k.displayName, String.valueOf(k.dependents), String.valueOf(k.validator));
    SimpleHeaderConverter h = new SimpleHeaderConverter();
    Object[][] hv = {{"null", null, null}, {"string", Schema.STRING_SCHEMA, "a\"b"}, {"bytes", Schema.BYTES_SCHEMA, new byte[]{1, 2}}, {"date", Date.SCHEMA, new java.util.Date(86400000)}, {"time", Time.SCHEMA, new java.util.Date(3723004)}, {"timestamp", Timestamp.SCHEMA, new java.util.Date(1700000000123L)}, {"midnight", Timestamp.SCHEMA, new java.util.Date(86400000L * 19000)}, {"old", Timestamp.SCHEMA, new java.util.Date(-1)}, {"map", null, new TreeMap<>(Map.of("a", List.of(1, "b\"\\"), "c", new byte[]{1, 2}))}, {"float", Schema.FLOAT32_SCHEMA, 1.1f}, {"double", Schema.FLOAT64_SCHEMA, 1e10}, {"decimal", Decimal.schema(2), new BigDecimal("12.30")}, {"list", null, Arrays.asList(null, true, 1.5, new java.util.Date(86400000))}, {"struct", null, new Struct(SchemaBuilder.struct().field("a", Schema.INT32_SCHEMA).field("b", Schema.OPTIONAL_STRING_SCHEMA).field("d", SchemaBuilder.int32().defaultValue(7).build()).build()).put("a", 1)}};
    for (Object[] v : hv) line("header.write", (String) v[0], attempt(() -> { byte[] b = h.fromConnectHeader("t", "h", (Schema) v[1], v[2]); return b == null ? null : new String(b, StandardCharsets.UTF_8); }));
    for (String x : new String[]{"ff", "ff31", "31ff"}) line("header.bytes", x, attempt(() -> both(h.toConnectHeader("t", "h", HexFormat.of().parseHex(x)))));
  }

  public static void main(String[] a) throws Exception { numbers(); dates(); parse(); jsonCases(); validation(); converters(); }
}
