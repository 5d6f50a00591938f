import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.*;
import java.util.regex.*;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.*;

/**
 * Requests and replies as the Java client writes them, in every version that it and kconsole know: one JSON line each.
 *   java -cp "LIBS/*" MessagesGolden.java > messages.jsonl
 */
public class MessagesGolden {
  static final ObjectMapper JSON = new ObjectMapper();

  /** Structs that came with a version, and the fields that hold them. */
  static final Map<String, String> STRUCTS = Map.of("BatchIndexAndErrorMessage", "recordErrors", "LeaderIdAndEpoch", "currentLeader", "NodeEndpoint", "nodeEndpoints",
      "EpochEndOffset", "divergingEpoch", "SnapshotId", "snapshotId");

  public static void main(String[] args) throws Exception {
    // name, api key, first and last version, request and reply in the JSON of Kafka's generated converters (a field that a version lacks and refuses is taken out)
    sample("ApiVersions", 18, 0, 2, "{'clientSoftwareName':'kconsole','clientSoftwareVersion':'0.1.0'}",
        "{'errorCode':0,'apiKeys':[{'apiKey':0,'minVersion':3,'maxVersion':12},{'apiKey':1,'minVersion':4,'maxVersion':17}],'throttleTimeMs':5}");
    sample("ApiVersions", 18, 3, 3, "{'clientSoftwareName':'kconsole','clientSoftwareVersion':'0.1.0'}",
        "{'errorCode':0,'apiKeys':[{'apiKey':0,'minVersion':3,'maxVersion':12},{'apiKey':1,'minVersion':4,'maxVersion':17}],'throttleTimeMs':5,"
        + "'supportedFeatures':[{'name':'metadata.version','minVersion':7,'maxVersion':30}],'finalizedFeaturesEpoch':9007199254740993,"
        + "'finalizedFeatures':[{'name':'metadata.version','maxVersionLevel':29,'minVersionLevel':29},{'name':'eligible.leader.replicas.version','maxVersionLevel':1,'minVersionLevel':1}]}");
    sample("Metadata", 3, 4, 12, "{'topics':[{'topicId':'AAAAAAAAAAAAAAAAAAAAAA','name':'주문'},{'topicId':'AAAAAAAAAAAAAAAAAAAAAA','name':'b'}],'allowAutoTopicCreation':true,'includeClusterAuthorizedOperations':false,'includeTopicAuthorizedOperations':false}",
        "{'throttleTimeMs':0,'brokers':[{'nodeId':1,'host':'h','port':9092,'rack':null},{'nodeId':2,'host':'i','port':9093,'rack':'r'}],'clusterId':'c','controllerId':2,"
        + "'topics':[{'errorCode':0,'name':'주문','topicId':'w1or1jKTT3yaLl9-bDUHzA','isInternal':false,'partitions':[{'errorCode':5,'partitionIndex':0,'leaderId':-1,'leaderEpoch':9,'replicaNodes':[1,2],'isrNodes':[],'offlineReplicas':[2]}],'topicAuthorizedOperations':-2147483648}],'clusterAuthorizedOperations':-2147483648}");
    sample("FindCoordinator", 10, 1, 3, "{'key':'g','keyType':1}", "{'throttleTimeMs':1,'errorCode':15,'errorMessage':null,'nodeId':3,'host':'h','port':1}");
    sample("FindCoordinator", 10, 4, 4, "{'keyType':1,'coordinatorKeys':['g']}", "{'throttleTimeMs':1,'coordinators':[{'key':'g','nodeId':3,'host':'h','port':1,'errorCode':15,'errorMessage':'later'}]}");
    sample("Produce", 0, 3, 11, "{'transactionalId':null,'acks':-1,'timeoutMs':30000,'topicData':[{'name':'a','partitionData':[{'index':3,'records':null}]}]}",
        "{'responses':[{'name':'a','partitionResponses':[{'index':3,'errorCode':87,'baseOffset':9007199254740993,'logAppendTimeMs':-1,'logStartOffset':-1,'recordErrors':[{'batchIndex':4,'batchIndexErrorMessage':'bad'},{'batchIndex':5,'batchIndexErrorMessage':null}],'errorMessage':'한 줄','currentLeader':{'leaderId':-1,'leaderEpoch':-1}}]}],'throttleTimeMs':7,'nodeEndpoints':[]}");
    sample("Fetch", 1, 4, 12, "{'replicaId':-1,'maxWaitMs':500,'minBytes':1,'maxBytes':52428800,'isolationLevel':1,'sessionId':0,'sessionEpoch':-1,'topics':[{'topic':'a','topicId':'AAAAAAAAAAAAAAAAAAAAAA','partitions':[{'partition':1,'currentLeaderEpoch':-1,'fetchOffset':9007199254740993,'lastFetchedEpoch':-1,'logStartOffset':-1,'partitionMaxBytes':1048576}]}],'forgottenTopicsData':[],'rackId':''}",
        "{'throttleTimeMs':0,'errorCode':0,'sessionId':0,'responses':[{'topic':'a','topicId':'AAAAAAAAAAAAAAAAAAAAAA','partitions':[{'partitionIndex':1,'errorCode':6,'highWatermark':10,'lastStableOffset':9,'logStartOffset':-1,'divergingEpoch':{'epoch':-1,'endOffset':-1},'currentLeader':{'leaderId':2,'leaderEpoch':8},'snapshotId':{'endOffset':-1,'epoch':-1},'abortedTransactions':[{'producerId':7,'firstOffset':3}],'preferredReadReplica':-1,'records':null}]}]}");
    sample("ListOffsets", 2, 1, 7, "{'replicaId':-1,'isolationLevel':0,'topics':[{'name':'a','partitions':[{'partitionIndex':2,'currentLeaderEpoch':-1,'timestamp':-2}]}]}",
        "{'throttleTimeMs':0,'topics':[{'name':'a','partitions':[{'partitionIndex':2,'errorCode':0,'timestamp':1700000000123,'offset':9007199254740993,'leaderEpoch':4}]}]}");
    sample("InitProducerId", 22, 0, 4, "{'transactionalId':null,'transactionTimeoutMs':2147483647,'producerId':-1,'producerEpoch':-1}",
        "{'throttleTimeMs':0,'errorCode':0,'producerId':9007199254740993,'producerEpoch':2}");
    sample("AddPartitionsToTxn", 24, 0, 3, "{'v3AndBelowTransactionalId':'거래','v3AndBelowProducerId':9007199254740993,'v3AndBelowProducerEpoch':2,'v3AndBelowTopics':[{'name':'a','partitions':[0,3]}]}",
        "{'throttleTimeMs':7,'resultsByTopicV3AndBelow':[{'name':'a','resultsByPartition':[{'partitionIndex':3,'partitionErrorCode':90}]}]}");
    sample("EndTxn", 26, 0, 4, "{'transactionalId':'거래','producerId':9007199254740993,'producerEpoch':2,'committed':true}", "{'throttleTimeMs':7,'errorCode':90}");
  }

  static void sample(String name, int key, int first, int last, String request, String reply) throws Exception {
    for (int v = first; v <= last; v++) {
      emit(name, key, (short) v, "Request", request);
      emit(name, key, (short) v, "Response", reply);
    }
  }

  static void emit(String name, int key, short version, String kind, String text) throws Exception {
    String data = "org.apache.kafka.common.message." + name + kind + "Data";
    JsonNode node = JSON.readTree(text.replace('\'', '"'));
    Method read = Arrays.stream(Class.forName(data + "JsonConverter").getMethods()).filter(m -> m.getName().equals("read") && m.getParameterCount() == 2).findFirst().get();
    ByteBuffer buffer = null;
    while (buffer == null) {
      try {
        buffer = MessageUtil.toByteBufferAccessor((ApiMessage) read.invoke(null, node, version), version).buffer();
      } catch (InvocationTargetException e) {
        Matcher struct = Pattern.compile("Can't read version \\d+ of (\\w+)").matcher(e.getCause().getMessage());
        if (!struct.find() || !removed(node, STRUCTS.getOrDefault(struct.group(1), ""))) throw e;
      } catch (UnsupportedVersionException e) {
        Matcher field = Pattern.compile("non-default (\\w+) at version").matcher(e.getMessage());
        if (!field.find() || !removed(node, field.group(1))) throw e;
      }
    }
    byte[] raw = new byte[buffer.remaining()];
    buffer.get(raw);
    System.out.println(JSON.createObjectNode().put("message", name).put("apiKey", key).put("version", version).put("kind", kind.equals("Request") ? "request" : "reply").put("hex", HexFormat.of().formatHex(raw)));
  }

  /** Takes a field out wherever it is. */
  static boolean removed(JsonNode node, String field) {
    boolean any = false;
    if (node instanceof ObjectNode object && object.has(field)) {
      object.remove(field);
      any = true;
    }
    for (JsonNode child : node) any |= removed(child, field);
    return any;
  }
}
