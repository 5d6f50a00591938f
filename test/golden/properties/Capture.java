import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;

/** Prints what java.util.Properties makes of each input, as JSON: [[input as ISO-8859-1 text, {key: value}], …]; null where it throws. */
public class Capture {
    static final String[] INPUTS = {
        "a=b", "a = b", "a : b", "a b", "a", "a=", "=b", ":", "a==b", "a=:b", "a :=b", "a\t\f =\tb ", "  a=b", "a=b  \n", "a\\ b=c", "a\\=b=c", "a\\:b c",
        "# comment\na=b", "! comment\na=b", "  # comment\na=b", "a=b # no comment", "# comment \\\na=b", "a=b\\\n  c", "a=b\\\n\nc=d", "a=b\\\n#c\nd=e", "a=b\\\\\nc=d", "a=b\\\\\\\nc=d",
        "a\\\n  b\\\n  =\\\n  c", "a=b\\", "a=b\\\\", "\\", "a=\\u0041", "a=\\uD55C\\uae00", "\\u0041=b", "a=\\u004", "a=\\u00zz", "a=\\u", "a=\\q\\t\\n\\r\\f\\\\\\\"", "a=b\rc=d", "a=b\r\nc=d", "a=b\\\r\n  c\r\nd=e",
        "a=b\n\n\n   \n\t\nc=d", "a=1\na=2", "path=C:\\\\temp\\\\x", "path=C:\\temp", "key.with.dots=va lue", "a=\u00e9", "\u00e9=b", "a b=c", "a   =   b   c  ", "a=b\\\n\t \fc", "a=b\\\n", "a=b\\\n   ", "a=b\\\r", "\\#a=b", "\\!a=b",
        "#\n#\na=b", "a=b\\  \nc=d", "\f\fa=b", "a=\u000bb", "a\\\\=b", "a\\", "a=\\\\u0041", "sasl.jaas.config=org.x.PlainLoginModule required \\\n  username=\"a\" \\\n  password=\"p=\\\\\"\";", "a=\\u0020b", "\n\r\n\r", "",
        "a=b\\\n\\\nc", "a=b\\\n=c", "a\\\n=b", "a \\\n = b", "a\\\n\nb=c", "#x\\\\\\\ny=z", "a=\\", "a:\\\n", "=", "==", " = ", "\\ =x", "\\\t=x", "a\\tb=c",
    };

    static String json(String s) {
        StringBuilder b = new StringBuilder("\"");
        for (char c : s.toCharArray()) {
            if (c < 32 || c > 126 || c == '"' || c == '\\') b.append(String.format("\\u%04x", (int) c)); else b.append(c);
        }
        return b.append('"').toString();
    }

    public static void main(String[] args) {
        List<String> rows = new ArrayList<>();
        for (String input : INPUTS) {
            String result;
            try {
                Properties p = new Properties();
                p.load(new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1)));
                List<String> members = new ArrayList<>();
                for (var e : new TreeMap<>(p).entrySet()) members.add(json((String) e.getKey()) + ": " + json((String) e.getValue()));
                result = "{" + String.join(", ", members) + "}";
            } catch (Exception e) {
                result = "null";
            }
            rows.add("  [" + json(input) + ", " + result + "]");
        }
        System.out.println("[\n" + String.join(",\n", rows) + "\n]");
    }
}
