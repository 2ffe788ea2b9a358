/**
 * Puts assign-partitions.ts behind kafkajs's assigner protocol. Each member
 * says, with every join, its instance name and what it holds; the group's
 * leader decides for all.
 */
import { AssignerProtocol, type Assigner, type GroupMember, type PartitionAssigner } from "kafkajs";
import { z } from "zod";
import { assignPartitions, type GroupMemberState } from "./assign-partitions.ts";

export const assignerName = "breakwater-sticky";

const memberData = z.object({
  instance: z.string().min(1),
  held: z.array(z.int().nonnegative()),
  heldSinceMs: z.number().nonnegative(),
});

export interface Holdings {
  readonly held: readonly number[];
  readonly heldSinceMs: number;
}

/** `holdings` is asked at every join: what this process holds now. */
export function stickyAssigner(instance: string, holdings: () => Holdings): PartitionAssigner {
  return ({ cluster }): Assigner => ({
    name: assignerName,
    version: 1,
    protocol: ({ topics }) => ({
      name: assignerName,
      metadata: AssignerProtocol.MemberMetadata.encode({
        version: 1,
        topics,
        userData: Buffer.from(JSON.stringify({ instance, ...holdings() })),
      }),
    }),
    assign: ({ members, topics }) => {
      const counts = new Map(topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length]));
      const assignment = assignPartitions(members.map(readMember), counts);
      return Promise.resolve(
        [...assignment].map(([memberId, partitions]) => ({
          memberId,
          memberAssignment: AssignerProtocol.MemberAssignment.encode({
            version: 1,
            assignment: partitions,
            userData: Buffer.alloc(0),
          }),
        })),
      );
    },
  });
}

/** A member whose data cannot be read takes part under its member id and holds nothing. */
export function readMember({ memberId, memberMetadata }: GroupMember): GroupMemberState {
  const decoded = AssignerProtocol.MemberMetadata.decode(memberMetadata);
  const topics = decoded?.topics ?? [];
  const unknown: GroupMemberState = { memberId, topics, instance: memberId, held: [], heldSinceMs: 0 };
  try {
    return { ...unknown, ...memberData.parse(JSON.parse(String(decoded?.userData))) };
  } catch {
    return unknown;
  }
}
