import java.nio.ByteBuffer;
import java.util.*;
import java.util.stream.*;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.*;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.*;

/**
 * What the JVM client makes of fixed subscriptions and assignments, and what its range assignor makes of random groups. One JSON object a line.
 * java -cp "LIBS/*" ConsumerProtocolGolden.java > consumer-protocol.jsonl
 */
public class ConsumerProtocolGolden {
  static String q(String s) { return s == null ? "null" : "\"" + s.replace("\\", "\\\\").replace("\"", "\\\"") + "\""; }
  static String hex(ByteBuffer b) { byte[] a = new byte[b.remaining()]; b.duplicate().get(a); return q(HexFormat.of().formatHex(a)); }
  static String parts(Collection<TopicPartition> list) {
    return list.stream().map(p -> "[" + q(p.topic()) + "," + p.partition() + "]").collect(Collectors.joining(",", "[", "]"));
  }
  static List<TopicPartition> tps(Object... pairs) {
    List<TopicPartition> list = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) list.add(new TopicPartition((String) pairs[i], (Integer) pairs[i + 1]));
    return list;
  }
  static String names(Collection<String> list) { return list.stream().map(ConsumerProtocolGolden::q).collect(Collectors.joining(",", "[", "]")); }

  static void subscription(List<String> topics, String userData, List<TopicPartition> owned, int generation, String rack) {
    ByteBuffer data = userData == null ? null : ByteBuffer.wrap(HexFormat.of().parseHex(userData));
    for (short v = 0; v <= 3; v++) {
      Subscription s = new Subscription(topics, data, owned, generation, Optional.ofNullable(rack));
      System.out.println("{\"kind\":\"subscription\",\"version\":" + v + ",\"topics\":" + names(topics) + ",\"userData\":" + q(userData)
        + ",\"owned\":" + parts(owned) + ",\"generation\":" + generation + ",\"rack\":" + q(rack) + ",\"hex\":" + hex(ConsumerProtocol.serializeSubscription(s, v)) + "}");
    }
  }
  static void assignment(List<TopicPartition> partitions, String userData) {
    ByteBuffer data = userData == null ? null : ByteBuffer.wrap(HexFormat.of().parseHex(userData));
    for (short v = 0; v <= 3; v++)
      System.out.println("{\"kind\":\"assignment\",\"version\":" + v + ",\"partitions\":" + parts(partitions) + ",\"userData\":" + q(userData)
        + ",\"hex\":" + hex(ConsumerProtocol.serializeAssignment(new Assignment(partitions, data), v)) + "}");
  }

  static void range(Random r, boolean racks) {
    String[] rackNames = {"a", "b", "c"};
    int topicCount = 1 + r.nextInt(4), memberCount = 1 + r.nextInt(6);
    Map<String, List<PartitionInfo>> infos = new TreeMap<>();
    StringBuilder topics = new StringBuilder();
    for (int t = 0; t < topicCount; t++) {
      String name = "t" + t;
      List<PartitionInfo> list = new ArrayList<>();
      int count = r.nextInt(9);
      StringBuilder where = new StringBuilder();
      for (int p = 0; p < count; p++) {
        int replicas = 1 + r.nextInt(2), first = r.nextInt(3);
        Node[] nodes = new Node[replicas];
        List<String> in = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
          String rack = racks ? rackNames[(first + i) % 3] : null;
          nodes[i] = new Node(first + i, "h", 1, rack);
          if (rack != null) in.add(rack);
        }
        list.add(new PartitionInfo(name, p, nodes[0], nodes, nodes));
        where.append(p == 0 ? "" : ",").append(names(in));
      }
      infos.put(name, list);
      topics.append(t == 0 ? "" : ",").append(q(name)).append(":[").append(where).append("]");
    }
    Map<String, Subscription> subscriptions = new LinkedHashMap<>();
    StringBuilder members = new StringBuilder();
    List<Integer> order = IntStream.range(0, memberCount).boxed().collect(Collectors.toList());
    Collections.shuffle(order, r);
    for (int m : order) {
      String id = (r.nextBoolean() ? "Z" : "m") + m + (r.nextInt(4) == 0 ? "\u00e9" : "");
      String instance = r.nextInt(3) == 0 ? "i" + (9 - m) : null;
      String rack = racks && r.nextInt(5) > 0 ? rackNames[r.nextInt(3)] : null;
      List<String> wanted = new ArrayList<>();
      for (int t = 0; t <= topicCount; t++) if (r.nextInt(4) > 0) wanted.add("t" + t);
      Subscription s = new Subscription(wanted, null, List.of(), -1, Optional.ofNullable(rack));
      s.setGroupInstanceId(Optional.ofNullable(instance));
      subscriptions.put(id, s);
      members.append(members.length() == 0 ? "" : ",").append("{\"memberId\":" + q(id) + ",\"groupInstanceId\":" + q(instance) + ",\"rackId\":" + q(rack) + ",\"topics\":" + names(wanted) + "}");
    }
    Map<String, List<TopicPartition>> result = new TreeMap<>(new RangeAssignor().assignPartitions(infos, subscriptions));
    String out = result.entrySet().stream().map(e -> {
      List<TopicPartition> sorted = new ArrayList<>(e.getValue());
      sorted.sort(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
      return q(e.getKey()) + ":" + parts(sorted);
    }).collect(Collectors.joining(",", "{", "}"));
    System.out.println("{\"kind\":\"range\",\"topics\":{" + topics + "},\"members\":[" + members + "],\"assignment\":" + out + "}");
  }

  public static void main(String[] args) {
    subscription(List.of(), null, List.of(), -1, null);
    subscription(List.of("b", "a"), null, List.of(), -1, null);
    subscription(List.of("orders"), "0102ff", tps("z", 3, "a", 1, "z", 0), 7, "rack-1");
    subscription(List.of("\ud55c\uae00", "Z"), "", tps("\ud55c\uae00", 0), 2147483647, "");
    assignment(List.of(), null);
    assignment(tps("b", 2, "a", 0, "b", 1), null);
    assignment(tps("\ud55c\uae00", 12), "00");
    Random r = new Random(42);
    for (int i = 0; i < 60; i++) range(r, false);
    for (int i = 0; i < 140; i++) range(r, true);
  }
}
