/**
 * One outstanding sendBatch at a time; what arrives meanwhile goes into the
 * next. Each send resolves when its batch is acknowledged by all replicas.
 */
import { Partitioners, type Kafka, type Message } from "kafkajs";

export interface Batcher {
  readonly send: (topic: string, message: Message) => Promise<void>;
}

interface Waiting {
  readonly topic: string;
  readonly message: Message;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export async function openBatcher(kafka: Kafka): Promise<Batcher> {
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  let waiting: Waiting[] = [];
  let sending = false;

  async function drain(): Promise<void> {
    sending = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, 1000);
      waiting = waiting.slice(1000);
      const byTopic = Map.groupBy(batch, ({ topic }) => topic);
      const topicMessages = [...byTopic].map(([topic, items]) => ({
        topic,
        messages: items.map((item) => item.message),
      }));
      try {
        await producer.sendBatch({ topicMessages, acks: -1 });
        for (const item of batch) item.resolve();
      } catch (error) {
        for (const item of batch) item.reject(error);
      }
    }
    sending = false;
  }

  return {
    send: (topic, message) =>
      new Promise((resolve, reject) => {
        waiting.push({ topic, message, resolve, reject });
        if (!sending) void drain();
      }),
  };
}
