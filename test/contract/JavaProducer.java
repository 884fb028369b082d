import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Apache Kafka's own producer, as the test's counterpart: `java JavaProducer.java BROKERS TOPIC COUNT CODEC=TOPIC …`.
 * The first topic gets four transactions of ten records, every other one aborted; each codec's topic gets COUNT
 * records in many small batches.
 */
class JavaProducer {
  public static void main(String[] args) {
    transactions(args[0], args[1]);
    for (int i = 3; i < args.length; i++) {
      var parts = args[i].split("=");
      produce(args[0], parts[1], parts[0], Integer.parseInt(args[2]));
    }
  }

  static void produce(String brokers, String topic, String codec, int count) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", brokers, "compression.type", codec, "batch.size", 4096, "linger.ms", 5);
    try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      for (int i = 0; i < count; i++) producer.send(record(topic, null, i));
    }
  }

  static void transactions(String brokers, String topic) {
    Map<String, Object> config = Map.of("bootstrap.servers", brokers, "transactional.id", topic);
    try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      for (int round = 0; round < 4; round++) {
        producer.beginTransaction();
        for (int i = 0; i < 10; i++) {
          producer.send(record(topic, 0, round * 10 + i));
          // several batches in a transaction
          if (i % 3 == 0) producer.flush();
        }
        producer.flush();
        if (round % 2 == 0) producer.commitTransaction();
        else producer.abortTransaction();
      }
    }
  }

  static ProducerRecord<String, String> record(String topic, Integer partition, int i) {
    var header = new RecordHeader("number", String.valueOf(i).getBytes());
    return new ProducerRecord<>(topic, partition, 1_700_000_000_000L + i, "key " + i, "value " + i, List.of(header));
  }
}
