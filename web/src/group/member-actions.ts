import type { Member } from '@parlance/client'

export type MemberAction = 'admin' | 'member' | 'mute' | 'unmute' | 'owner' | 'remove'
type Role = Member['role'] | null

/** What a viewer of a role may do with a member. */
export function rightsOver(member: Member, role: Role, viewerId: string | undefined): MemberAction[] {
  const isAbove = role === 'OWNER' || (role === 'ADMIN' && member.role === 'MEMBER')
  if (!isAbove || member.user.id === viewerId) return []
  const isMuted = member.mutedUntil !== null && Date.parse(member.mutedUntil) > Date.now()
  const ofOwner: MemberAction[] = [member.role === 'ADMIN' ? 'member' : 'admin', 'owner']
  return [...(role === 'OWNER' ? ofOwner : []), isMuted ? 'unmute' : 'mute', 'remove']
}
