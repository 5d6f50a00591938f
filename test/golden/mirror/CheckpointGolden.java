package org.apache.kafka.connect.mirror;

import java.util.*;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Prints what OffsetSyncStore keeps and translates after histories of offset syncs, and the bytes of checkpoints. */
public class CheckpointGolden {
    static final TopicPartition T0 = new TopicPartition("t", 0);

    static class Store extends OffsetSyncStore {
        Runnable atStart = () -> {};
        @Override void backingStoreStart() { atStart.run(); }
        void add(long up, long down) {
            OffsetSync sync = new OffsetSync(T0, up, down);
            handleRecord(new ConsumerRecord<>("syncs", 0, 0, sync.recordKey(), sync.recordValue()));
        }
    }

    public static void main(String[] args) {
        System.out.println("== store: keepsHistory | syncs at the start | up:down … | up*slots … | offset=translation …");
        Random random = new Random(20);
        for (int i = 0; i < 60; i++) history(random, i);
        System.out.println("== checkpoints: group | topic | partition | upstream | downstream | metadata | key | value");
        checkpoint("g", "A.t", 0, 150, 201, "");
        checkpoint("group,with comma", "A.x_y-z", 17, 9007199254740993L, 9007199254740995L, "some text");
        checkpoint("\u00fcber \u96c6\u56e3 \ud83d\ude00", "B.A.t", Integer.MAX_VALUE, Long.MAX_VALUE, 0, "\u00e9");
        checkpoint("", "t", 1, 0, 1, " ");
    }

    static void history(Random random, int number) {
        boolean keeps = random.nextBoolean();
        int count = 5 + random.nextInt(60);
        int atStart = random.nextInt(count);
        int bits = 1 + random.nextInt(number < 50 ? 14 : 55);
        long up = random.nextInt(3) == 0 ? 0 : random.nextInt(1000);
        long down = random.nextInt(1000);
        List<long[]> syncs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            syncs.add(new long[] {up, down});
            if (random.nextInt(40) == 0) up = Math.max(0, up - random.nextInt(500));
            else up += 1 + (random.nextLong() & Long.MAX_VALUE) % (1L << bits);
            down += 1 + random.nextInt(200);
            if (up < 0) up = 0;
        }
        Store store = new Store();
        store.atStart = () -> syncs.subList(0, atStart).forEach(s -> store.add(s[0], s[1]));
        store.start(!keeps);
        syncs.subList(atStart, count).forEach(s -> store.add(s[0], s[1]));
        StringBuilder line = new StringBuilder(keeps + " | " + atStart + " |");
        for (long[] s : syncs) line.append(" " + s[0] + ":" + s[1]);
        line.append(" |");
        for (int i = 0; i < 64; ) {
            int from = i;
            OffsetSync sync = store.syncFor(T0, i);
            while (i < 64 && store.syncFor(T0, i) == sync) i++;
            line.append(" " + sync.upstreamOffset() + "*" + (i - from));
        }
        line.append(" |");
        for (int i = 0; i < 12; i++) {
            long[] near = syncs.get(random.nextInt(count));
            long offset = Math.max(0, near[0] + random.nextInt(7) - 3);
            OptionalLong found = store.translateDownstream("g", T0, offset);
            line.append(" " + offset + "=" + (found.isPresent() ? found.getAsLong() : "none"));
        }
        System.out.println(line);
    }

    static void checkpoint(String group, String topic, int partition, long up, long down, String metadata) {
        Checkpoint c = new Checkpoint(group, new TopicPartition(topic, partition), up, down, metadata);
        System.out.println(String.join(" | ", group, topic, "" + partition, "" + up, "" + down, metadata,
            HexFormat.of().formatHex(c.recordKey()), HexFormat.of().formatHex(c.recordValue())));
    }
}
