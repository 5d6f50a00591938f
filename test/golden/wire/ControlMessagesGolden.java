import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.*;
import java.nio.ByteBuffer;
import java.util.*;
import java.util.regex.*;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.*;

/**
 * Requests and replies of groups and of the admin as the Java client writes them: every field filled with a value of its own, in every version that
 * both sides know, with the client's own JSON of it. One JSON object a line.
 *   java -cp "LIBS/*" ControlMessagesGolden.java > control-messages.jsonl
 */
public class ControlMessagesGolden {
  static int count;
  static String last = "";

  public static void main(String[] args) throws Exception {
    String[] messages = {"JoinGroup 2 9", "SyncGroup 1 5", "Heartbeat 1 4", "LeaveGroup 1 5", "OffsetCommit 2 9", "OffsetFetch 2 9", "CreateTopics 2 7", "DeleteTopics 1 6",
        "CreatePartitions 0 3", "DeleteRecords 0 2", "DescribeConfigs 1 4", "IncrementalAlterConfigs 0 1", "ListGroups 1 5", "DescribeGroups 1 6", "ConsumerGroupDescribe 0 1",
        "ShareGroupDescribe 1 1", "StreamsGroupDescribe 0 0", "OffsetDelete 0 0", "DeleteGroups 0 2", "DescribeAcls 1 3", "DescribeLogDirs 1 5", "DescribeQuorum 0 2", "DescribeCluster 0 2", "DescribeTopicPartitions 0 0", "ElectLeaders 0 2", "AlterPartitionReassignments 0 1", "ListPartitionReassignments 0 0",
        "DescribeShareGroupOffsets 0 1", "AlterShareGroupOffsets 0 0", "DeleteShareGroupOffsets 0 0", "DescribeClientQuotas 0 1", "CreateAcls 1 3"};
    for (String line : messages) {
      String[] parts = line.split(" ");
      for (short v = Short.parseShort(parts[1]); v <= Short.parseShort(parts[2]); v++)
        for (String kind : new String[] {"Request", "Response"}) for (boolean nulls : new boolean[] {false, true}) emit(parts[0], kind, v, nulls);
    }
  }

  static void emit(String name, String kind, short version, boolean nulls) throws Exception {
    count = 0;
    String data = "org.apache.kafka.common.message." + name + kind + "Data";
    ApiMessage message = (ApiMessage) filled(Class.forName(data), nulls);
    ByteBuffer buffer = null;
    while (buffer == null) {
      try {
        buffer = MessageUtil.toByteBufferAccessor(message, version).buffer();
      } catch (UnsupportedVersionException e) {
        Matcher field = Pattern.compile("(?:non-default|write a default) (\\w+)").matcher(e.getMessage());
        Matcher struct = Pattern.compile("Can't write version \\d+ of (\\w+)").matcher(e.getMessage());
        if (field.find() ? !reset(message, field.group(1), null) : !(struct.find() && reset(message, null, struct.group(1)))) throw e;
      } catch (NullPointerException e) {
        // A null in a version that does not take it.
        message = (ApiMessage) filled(Class.forName(data), false);
        if (!nulls) throw e;
        return;
      }
    }
    Method write = Arrays.stream(Class.forName(data + "JsonConverter").getMethods()).filter(m -> m.getName().equals("write") && m.getParameterCount() == 2).findFirst().get();
    byte[] raw = new byte[buffer.remaining()];
    buffer.get(raw);
    String line = "{\"message\":\"" + name + "\",\"version\":" + version + ",\"kind\":\"" + (kind.equals("Request") ? "request" : "reply") + "\",\"hex\":\""
        + HexFormat.of().formatHex(raw) + "\",\"body\":" + write.invoke(null, message, version) + "}";
    if (!line.equals(last)) System.out.println(line);
    last = nulls ? "" : line;
  }

  static List<Method> setters(Class<?> type) {
    List<Method> list = new ArrayList<>();
    for (Method m : type.getMethods()) if (m.getName().startsWith("set") && m.getParameterCount() == 1 && !m.getName().equals("setPrev") && !m.getName().equals("setNext")) list.add(m);
    list.sort(Comparator.comparing(Method::getName));
    return list;
  }

  static Object filled(Class<?> type, boolean nulls) throws Exception {
    Object object = type.getDeclaredConstructor().newInstance();
    for (Method set : setters(type)) {
      Object value = set.getName().equals("setPort") ? (Object) (40000 + ++count) : value(set.getGenericParameterTypes()[0], nulls);
      // Nullable strings are told apart by what a default of null says.
      if (nulls && (value instanceof String || value instanceof Collection) && getter(object, set).invoke(object) == null) continue;
      set.invoke(object, value);
    }
    return object;
  }

  static Method getter(Object object, Method setter) throws Exception {
    String name = setter.getName().substring(3);
    return object.getClass().getMethod(Character.toLowerCase(name.charAt(0)) + name.substring(1));
  }

  static Object value(Type type, boolean nulls) throws Exception {
    int n = ++count;
    if (type == String.class) return n % 3 == 0 ? "주" + n : "s" + n;
    if (type == boolean.class) return n % 2 == 0;
    if (type == byte.class) return (byte) (n % 100);
    if (type == short.class) return (short) (n % 90);
    if (type == int.class || type == Integer.class) return 70000 + n;
    if (type == long.class) return 9007199254740993L + n;
    if (type == double.class) return n + 0.5;
    if (type == Uuid.class) return new Uuid(n, -n);
    if (type == byte[].class) return new byte[] {(byte) n, -1, 0};
    if (type == ByteBuffer.class) return ByteBuffer.wrap(new byte[] {(byte) n, -1, 0});
    if (type instanceof ParameterizedType list) {
      List<Object> items = new ArrayList<>();
      for (int i = 0; i < 2; i++) items.add(value(list.getActualTypeArguments()[0], nulls));
      return items;
    }
    Class<?> cls = (Class<?>) type;
    if (AbstractCollection.class.isAssignableFrom(cls)) {
      @SuppressWarnings("unchecked") Collection<Object> items = (Collection<Object>) cls.getDeclaredConstructor().newInstance();
      Type item = ((ParameterizedType) cls.getGenericSuperclass()).getActualTypeArguments()[0];
      for (int i = 0; i < 2; i++) items.add(filled((Class<?>) item, nulls));
      return items;
    }
    return filled(cls, nulls);
  }

  /** Puts a field, or all fields of a type of struct, back to the default wherever it is. */
  static boolean reset(Object object, String field, String struct) throws Exception {
    boolean any = false;
    Object fresh = object.getClass().getDeclaredConstructor().newInstance();
    for (Method set : setters(object.getClass())) {
      Method get = getter(object, set);
      Object value = get.invoke(object);
      String name = get.getName();
      boolean holds = value instanceof Collection<?> c && !c.isEmpty() && c.iterator().next().getClass().getSimpleName().equals(struct) || value != null && value.getClass().getSimpleName().equals(struct);
      if (name.equals(field) || holds) {
        Object was = get.invoke(fresh);
        if (Objects.equals(was, value)) continue;
        set.invoke(object, was);
        any = true;
      } else if (value instanceof Collection<?> list) {
        for (Object item : list) if (item instanceof Message) any |= reset(item, field, struct);
      } else if (value instanceof Message) any |= reset(value, field, struct);
    }
    return any;
  }
}
