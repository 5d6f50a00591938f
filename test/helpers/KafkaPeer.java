import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.resource.*;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Apache Kafka's own clients, told by test/helpers/kafka-peer.ts what to do: one JSON object a line comes in, one goes out ({"error": …} when it failed).
 * Bytes are base64, offsets are strings.   java -cp "LIBS/*" KafkaPeer.java
 */
public class KafkaPeer {
  static final int LIMIT_S = 120;
  static final ObjectMapper JSON = new ObjectMapper();
  /** By transactional id: producers whose transaction may still be open. */
  static final Map<String, Producer<byte[], byte[]>> transactional = new HashMap<>();
  static final Map<String, Member> members = new HashMap<>();

  public static void main(String[] args) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err); // log lines must not come between the answers
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = in.readLine()) != null; ) {
      ObjectNode answer = JSON.createObjectNode();
      try {
        perform(JSON.readTree(line), answer);
      } catch (Throwable error) {
        error.printStackTrace();
        Throwable cause = error instanceof java.util.concurrent.ExecutionException ? error.getCause() : error;
        answer.put("error", cause.toString());
      }
      answers.write((JSON.writeValueAsString(answer) + "\n").getBytes(StandardCharsets.UTF_8));
      answers.flush();
    }
    System.exit(0);
  }

  static void perform(JsonNode command, ObjectNode answer) throws Exception {
    Properties config = new Properties();
    command.get("config").properties().forEach(entry -> config.put(entry.getKey(), entry.getValue().asText()));
    switch (command.get("op").asText()) {
      case "produce" -> produce(config, command, answer);
      case "consume" -> consume(config, command, answer);
      case "join" -> members.put(command.get("name").asText(), Member.join(config, command));
      case "leave" -> members.remove(command.get("name").asText()).leave();
      case "look" -> look(config, command, answer);
      case "move" -> move(config, command);
      case "set quota" -> setQuota(config, command);
      case "create acls" -> createAcls(config, command);
      case "describe configs" -> describeConfigs(config, command, answer);
      default -> throw new IllegalArgumentException("unknown op");
    }
  }

  static byte[] bytes(JsonNode node) throws Exception { return node == null || node.isNull() ? null : node.binaryValue(); }

  // ---- records

  static void produce(Properties config, JsonNode command, ObjectNode answer) throws Exception {
    String transaction = config.getProperty("transactional.id");
    Producer<byte[], byte[]> producer = transaction == null ? null : transactional.remove(transaction);
    if (producer == null) {
      producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
      if (transaction != null) producer.initTransactions();
      if (transaction != null) producer.beginTransaction();
    }
    List<Future<RecordMetadata>> written = new ArrayList<>();
    for (JsonNode one : command.get("records")) {
      List<Header> headers = new ArrayList<>();
      for (JsonNode header : one.get("headers")) headers.add(new RecordHeader(header.get(0).asText(), bytes(header.get(1))));
      Integer partition = one.get("partition").isNull() ? null : one.get("partition").asInt();
      Long timestamp = one.get("timestampMs").isNull() ? null : one.get("timestampMs").asLong();
      written.add(producer.send(new ProducerRecord<>(one.get("topic").asText(), partition, timestamp, bytes(one.get("key")), bytes(one.get("value")), headers)));
    }
    producer.flush();
    ArrayNode list = answer.putArray("written");
    for (Future<RecordMetadata> future : written) {
      RecordMetadata metadata = future.get();
      list.addObject().put("partition", metadata.partition()).put("offset", Long.toString(metadata.offset())).put("timestampMs", metadata.timestamp());
    }
    String end = command.get("end").asText();
    if (end.equals("leave open")) {
      transactional.put(transaction, producer);
      return;
    }
    if (transaction != null && end.equals("abort")) producer.abortTransaction();
    else if (transaction != null) producer.commitTransaction();
    producer.close();
  }

  static void consume(Properties config, JsonNode command, ObjectNode answer) {
    String topic = command.get("topic").asText();
    int count = command.get("count").asInt();
    ArrayNode records = answer.putArray("records");
    try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = consumer.partitionsFor(topic).stream().map(p -> new TopicPartition(topic, p.partition())).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
      while (records.size() < count && System.nanoTime() < endNs) {
        for (ConsumerRecord<byte[], byte[]> one : consumer.poll(Duration.ofMillis(500))) {
          ObjectNode record = records.addObject().put("topic", one.topic()).put("partition", one.partition()).put("offset", Long.toString(one.offset()))
              .put("timestampMs", one.timestamp()).put("timestampType", one.timestampType().name).put("key", one.key()).put("value", one.value());
          ArrayNode headers = record.putArray("headers");
          for (Header header : one.headers()) headers.addArray().add(header.key()).add(header.value());
        }
      }
      if (records.size() < count) throw new IllegalStateException("only " + records.size() + " of " + count + " records within " + LIMIT_S + " s from " + partitions
          + ", which end at " + consumer.endOffsets(partitions).values());
    }
  }

  // ---- groups

  /** A member that polls in a thread of its own until it is told to leave. */
  static class Member {
    volatile boolean isLeaving = false;
    Thread thread;

    static Member join(Properties config, JsonNode command) throws Exception {
      List<String> topics = List.of(command.get("topic").asText());
      Member member = new Member();
      CountDownLatch polled = new CountDownLatch(1);
      boolean isShare = command.get("isShare").asBoolean();
      member.thread = new Thread(() -> {
        if (isShare) {
          try (ShareConsumer<byte[], byte[]> consumer = new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(topics);
            for (; !member.isLeaving; polled.countDown()) consumer.poll(Duration.ofMillis(100));
          }
        } else {
          try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(topics);
            for (; !member.isLeaving; polled.countDown()) consumer.poll(Duration.ofMillis(100));
          }
        }
      });
      member.thread.start();
      if (!polled.await(60, TimeUnit.SECONDS)) throw new IllegalStateException("no poll within 60 s");
      return member;
    }

    void leave() throws Exception {
      isLeaving = true;
      thread.join(20_000);
    }
  }

  // ---- administration

  /** Puts the replicas of a partition onto other brokers; the first of them leads afterwards. */
  static void move(Properties config, JsonNode command) throws Exception {
    TopicPartition partition = new TopicPartition(command.get("topic").asText(), command.get("partition").asInt());
    List<Integer> replicas = new ArrayList<>();
    for (JsonNode one : command.get("replicas")) replicas.add(one.asInt());
    try (Admin admin = Admin.create(config)) {
      admin.alterPartitionReassignments(Map.of(partition, Optional.of(new NewPartitionReassignment(replicas)))).all().get();
      long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
      while (!admin.listPartitionReassignments(Set.of(partition)).reassignments().get().isEmpty()) {
        if (System.nanoTime() > endNs) throw new IllegalStateException(partition + " was not moved within 60 s");
        Thread.sleep(50);
      }
      try {
        admin.electLeaders(ElectionType.PREFERRED, Set.of(partition)).all().get();
      } catch (java.util.concurrent.ExecutionException error) {
        if (!(error.getCause() instanceof ElectionNotNeededException)) throw error;
      }
    }
  }

  /** A value of null takes it back. */
  static void setQuota(Properties config, JsonNode command) throws Exception {
    Double value = command.get("value").isNull() ? null : command.get("value").asDouble();
    var entity = new org.apache.kafka.common.quota.ClientQuotaEntity(Map.of("user", command.get("user").asText()));
    var change = new org.apache.kafka.common.quota.ClientQuotaAlteration.Op(command.get("key").asText(), value);
    try (Admin admin = Admin.create(config)) {
      admin.alterClientQuotas(List.of(new org.apache.kafka.common.quota.ClientQuotaAlteration(entity, List.of(change)))).all().get();
    }
  }

  static void createAcls(Properties config, JsonNode command) throws Exception {
    List<AclBinding> bindings = new ArrayList<>();
    for (JsonNode one : command.get("bindings")) {
      bindings.add(new AclBinding(
          new ResourcePattern(ResourceType.fromString(one.get("resourceType").asText()), one.get("resourceName").asText(), PatternType.fromString(one.get("patternType").asText())),
          new AccessControlEntry(one.get("principal").asText(), one.get("host").asText(), AclOperation.fromString(one.get("operation").asText()), AclPermissionType.fromString(one.get("permission").asText()))));
    }
    try (Admin admin = Admin.create(config)) {
      admin.createAcls(bindings).all().get();
    }
  }

  static void describeConfigs(Properties config, JsonNode command, ObjectNode answer) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.valueOf(command.get("type").asText()), command.get("name").asText());
    ArrayNode entries = answer.putArray("entries");
    try (Admin admin = Admin.create(config)) {
      admin.describeConfigs(List.of(resource)).all().get().get(resource).entries().stream()
          .sorted(Comparator.comparing(entry -> entry.name()))
          .forEach(entry -> entries.addObject().put("name", entry.name()).put("value", entry.value()).put("source", entry.source().name())
              .put("isSensitive", entry.isSensitive()).put("isReadOnly", entry.isReadOnly()));
    }
  }

  /** What the JVM's Admin says of the cluster, of one topic and of one group. */
  static void look(Properties config, JsonNode command, ObjectNode answer) throws Exception {
    String topic = command.get("topic").asText();
    try (Admin admin = Admin.create(config)) {
      DescribeClusterResult cluster = admin.describeCluster();
      answer.put("clusterId", cluster.clusterId().get());
      ArrayNode brokers = answer.putArray("brokers");
      cluster.nodes().get().stream().sorted(Comparator.comparing(node -> node.id()))
          .forEach(node -> brokers.addObject().put("id", node.id()).put("host", node.host()).put("port", node.port()).put("rack", node.rack()));
      QuorumInfo quorum = admin.describeMetadataQuorum().quorumInfo().get();
      answer.putObject("quorum").put("leaderId", quorum.leaderId()).put("leaderEpoch", quorum.leaderEpoch())
          .set("voters", JSON.valueToTree(quorum.voters().stream().map(voter -> voter.replicaId()).sorted().toList()));
      TopicDescription description = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
      answer.put("topicId", description.topicId().toString());
      ArrayNode partitions = answer.putArray("partitions");
      for (var one : description.partitions()) {
        ObjectNode partition = partitions.addObject().put("partition", one.partition()).put("leader", one.leader().id());
        partition.set("replicas", JSON.valueToTree(one.replicas().stream().map(node -> node.id()).toList()));
        partition.set("isr", JSON.valueToTree(one.isr().stream().map(node -> node.id()).toList()));
      }
      ObjectNode sizes = answer.putObject("sizes");
      for (var broker : admin.describeLogDirs(cluster.nodes().get().stream().map(node -> node.id()).toList()).allDescriptions().get().entrySet())
        for (var folder : broker.getValue().entrySet())
          for (var replica : folder.getValue().replicaInfos().entrySet())
            if (replica.getKey().topic().equals(topic))
              sizes.put(broker.getKey() + " " + folder.getKey() + " " + replica.getKey().partition(), Long.toString(replica.getValue().size()));
      String group = command.get("group").asText();
      for (GroupListing listing : admin.listGroups().all().get())
        if (listing.groupId().equals(group))
          answer.putObject("listing").put("groupId", group).put("protocolType", listing.protocol()).put("state", listing.groupState().get().toString())
              .put("groupType", listing.type().get().toString().toLowerCase());
      ObjectNode offsets = answer.putObject("offsets");
      admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get()
          .forEach((partition, offset) -> offsets.put(partition.toString(), Long.toString(offset.offset())));
    }
  }
}
