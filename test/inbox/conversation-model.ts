import type { Person } from '../world/person.ts'

type Message = Awaited<ReturnType<Person['sends']>>

/** The expected state of one conversation, counted message by message. */
export class ConversationModel {
  readonly id: string
  /** The sender of each message in order; null for a system message. */
  readonly senders: (string | null)[]
  readonly sent: { sender: Person; message: Message; recalled: boolean }[] = []
  readonly recalledSeqs = new Set<number>()
  readonly readSeq = new Map<string, number>()
  /** Members who left by choice and can rejoin by invite only. */
  readonly leavers = new Set<Person>()

  constructor(id: string, people: Person[], systemMessages: number) {
    this.id = id
    this.senders = Array(systemMessages).fill(null)
    for (const person of people) this.readSeq.set(person.id, 0)
  }

  get maxSeq(): number {
    return this.senders.length
  }

  has(person: Person): boolean {
    return this.readSeq.has(person.id)
  }

  /** Messages of users after the read position; system messages and recalled messages do not count. */
  unread(person: Person): number {
    const readSeq = this.readSeq.get(person.id) ?? 0
    return this.senders.filter(
      (sender, index) => sender !== null && index >= readSeq && !this.recalledSeqs.has(index + 1),
    ).length
  }

  recalls(message: Message): void {
    this.recalledSeqs.add(message.seq)
    for (const each of this.sent) each.recalled ||= each.message === message
  }

  sends(sender: Person, message: Message): void {
    this.senders.push(sender.id)
    this.sent.push({ sender, message, recalled: false })
    this.readSeq.set(sender.id, this.maxSeq)
  }

  reads(person: Person, seq: number): void {
    this.readSeq.set(person.id, Math.max(this.readSeq.get(person.id) ?? 0, Math.min(seq, this.maxSeq)))
  }

  joins(person: Person): void {
    this.readSeq.set(person.id, this.maxSeq)
    this.senders.push(null)
  }

  leaves(person: Person): void {
    this.readSeq.delete(person.id)
    this.senders.push(null)
  }
}
