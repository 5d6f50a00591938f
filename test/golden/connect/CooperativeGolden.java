import java.lang.reflect.*;
import java.util.*;
import java.util.stream.*;
import org.apache.kafka.common.utils.*;
import org.apache.kafka.connect.storage.ClusterConfigState;
import org.apache.kafka.connect.util.ConnectorTaskId;

/**
 * What the JVM's incremental cooperative assignor makes of random groups over many rounds. One JSON object a line, one line a group.
 * java -cp "LIBS/*" CooperativeGolden.java > cooperative-rounds.jsonl
 */
public class CooperativeGolden {
  static final String P = "org.apache.kafka.connect.runtime.distributed.";
  static long now;

  static Method method(Class<?> type, String name, int count) {
    for (Method m : type.getDeclaredMethods()) if (m.getName().equals(name) && m.getParameterCount() == count) { m.setAccessible(true); return m; }
    throw new IllegalStateException(name);
  }
  static String list(Collection<String> items) { return items.stream().map(s -> "\"" + s + "\"").collect(Collectors.joining(",", "[", "]")); }
  static String byMember(Map<String, LinkedHashSet<String>> map) {
    return map.entrySet().stream().map(e -> "\"" + e.getKey() + "\":" + list(e.getValue())).collect(Collectors.joining(",", "{", "}"));
  }
  static ConnectorTaskId id(String item) { String[] parts = item.split(" "); return new ConnectorTaskId(parts[0], Integer.parseInt(parts[1])); }

  @SuppressWarnings("unchecked")
  static LinkedHashSet<String> items(Object result, String kind, String member) throws Exception {
    LinkedHashSet<String> all = new LinkedHashSet<>((Collection<String>) method(result.getClass(), kind + "Connectors", 1).invoke(result, member));
    for (ConnectorTaskId t : (Collection<ConnectorTaskId>) method(result.getClass(), kind + "Tasks", 1).invoke(result, member)) all.add(t.connector() + " " + t.task());
    return all;
  }

  public static void main(String[] args) throws Exception {
    Class<?> assignorType = Class.forName(P + "IncrementalCooperativeAssignor");
    Class<?> builderType = Class.forName(P + "WorkerCoordinator$ConnectorsAndTasks$Builder");
    Constructor<?> newBuilder = builderType.getDeclaredConstructor();
    newBuilder.setAccessible(true);
    Method assign = method(assignorType, "performTaskAssignment", 4);
    Time time = (Time) Proxy.newProxyInstance(Time.class.getClassLoader(), new Class<?>[] {Time.class},
      (proxy, m, a) -> m.getName().equals("milliseconds") ? (Object) now : InvocationHandler.invokeDefault(proxy, m, a));
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      int maxDelay = new int[] {300_000, 300_000, 60_000, 0}[seed % 4];
      Object assignor = assignorType.getConstructor(LogContext.class, Time.class, int.class).newInstance(new LogContext(), time, maxDelay);
      now = 1_000;
      int generation = 0, last = -1;
      TreeMap<String, Integer> configured = new TreeMap<>();
      TreeMap<String, LinkedHashSet<String>> members = new TreeMap<>(Map.of("a", new LinkedHashSet<>()));
      TreeMap<String, LinkedHashSet<String>> away = new TreeMap<>();
      StringBuilder out = new StringBuilder("{\"maxDelayMs\":" + maxDelay + ",\"rounds\":[");
      for (int round = 0; round < 24; round++) {
        Set<String> returned = new HashSet<>();
        for (int changes = random.nextInt(3); changes > 0; changes--) {
          String member = String.valueOf((char) ('a' + random.nextInt(6)));
          String connector = "c" + random.nextInt(9);
          switch (random.nextInt(8)) {
            case 0, 1 -> { if (!members.containsKey(member)) { returned.add(member); members.put(member, random.nextInt(3) == 0 || !away.containsKey(member) ? new LinkedHashSet<>() : away.remove(member)); } }
            case 2 -> { if (members.size() > 1 && members.containsKey(member)) { away.put(member, members.remove(member)); returned.remove(member); } }
            case 3, 4, 5 -> configured.put(connector, random.nextInt(5));
            case 6 -> configured.remove(connector);
            default -> now += random.nextInt(4) == 0 ? maxDelay + 1 : random.nextInt(maxDelay / 2 + 1);
          }
        }
        Set<String> wanted = new HashSet<>(configured.keySet());
        configured.forEach((name, count) -> { for (int i = 0; i < count; i++) wanted.add(name + " " + i); });
        // Not asked: unwanted work that the leader does not remember (of a member that comes back, or after a round that was lost) runs on
        // for one round more; ours takes it at once.
        returned.forEach(member -> members.get(member).retainAll(wanted));
        boolean hasUnwanted = members.values().stream().anyMatch(own -> !wanted.containsAll(own));
        int completed = !hasUnwanted && random.nextInt(12) == 0 ? last - 1 : last;
        generation++;
        LinkedHashMap<String, Object> owned = new LinkedHashMap<>();
        for (var e : members.entrySet()) {
          List<String> connectors = e.getValue().stream().filter(i -> !i.contains(" ")).toList();
          List<ConnectorTaskId> tasks = e.getValue().stream().filter(i -> i.contains(" ")).map(CooperativeGolden::id).toList();
          Object builder = newBuilder.newInstance();
          method(builderType, "with", 2).invoke(builder, connectors, tasks);
          owned.put(e.getKey(), method(builderType, "build", 0).invoke(builder));
        }
        Map<String, Map<String, String>> configs = new HashMap<>();
        configured.keySet().forEach(name -> configs.put(name, Map.of()));
        ClusterConfigState state = new ClusterConfigState(1, null, new HashMap<>(configured), configs, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Set.of(), Set.of());
        String before = byMember(members);
        if (round > 0) out.append(',');
        out.append("{\"nowMs\":" + now + ",\"lastGeneration\":" + completed + ",\"generation\":" + generation + ",\"configured\":{"
          + configured.entrySet().stream().map(e -> "\"" + e.getKey() + "\":" + e.getValue()).collect(Collectors.joining(",")) + "},\"members\":" + before);
        Object result = assign.invoke(assignor, state, completed, generation, owned);
        Field delay = assignorType.getDeclaredField("delay");
        delay.setAccessible(true);
        TreeMap<String, LinkedHashSet<String>> assigned = new TreeMap<>(), revoked = new TreeMap<>();
        for (String member : members.keySet()) {
          assigned.put(member, items(result, "newlyAssigned", member));
          revoked.put(member, items(result, "newlyRevoked", member));
          if (random.nextInt(15) == 0 && !hasUnwanted) continue; // this one misses the assignment
          members.get(member).removeAll(revoked.get(member));
          members.get(member).addAll(assigned.get(member));
        }
        out.append(",\"assigned\":" + byMember(assigned) + ",\"revoked\":" + byMember(revoked) + ",\"delayMs\":" + delay.getInt(assignor) + "}");
        last = generation;
      }
      System.out.println(out + "]}");
    }
  }
}
