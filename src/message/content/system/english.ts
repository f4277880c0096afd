import type { SystemTexts } from './texts.ts'

const joinPolicies = {
  INVITE_ONLY: 'only users with an invite can join',
  APPROVAL: 'users can ask to join',
  OPEN: 'everyone can join',
}

const postingPolicies = { EVERYONE: 'all members can send', ADMINS: 'only the owner and admins can send' }

const mentionAllPolicies = {
  BY_SIZE: 'who can mention everyone depends on the size of the group',
  EVERYONE: 'all members can mention everyone',
  ADMINS: 'only the owner and admins can mention everyone',
}

const visibilities = {
  ALL: 'new members see all earlier messages',
  SINCE_JOINED: 'new members see no earlier messages',
}

const policy = (actor: string, subject: string, rule: string | undefined) =>
  `${actor} changed ${subject}${rule ? `: ${rule}` : ''}`

export const english: SystemTexts = {
  unknownUser: 'A user',
  deletedUser: 'Deleted account',
  list: (names, others) => names.join(', ') + (others > 0 ? ` and ${others} more` : ''),
  sentences: {
    GROUP_CREATED: ({ actor, subjects }) => `${actor} created the group${subjects && ` with ${subjects}`}`,
    MEMBERS_ADDED: ({ actor, subjects }) => `${actor} added ${subjects}`,
    MEMBER_JOINED: ({ actor, subjects, inviter }, change) => {
      if (change?.via === 'APPROVAL') return `${actor} let ${subjects} in`
      return inviter === null ? `${subjects} joined` : `${subjects} joined with an invite from ${inviter}`
    },
    MEMBER_LEFT: ({ subjects }) => `${subjects} left`,
    MEMBER_REMOVED: ({ actor, subjects }) => `${actor} removed ${subjects}`,
    ROLE_CHANGED: ({ actor, subjects }, change) => {
      if (!change) return `${actor} changed the role of ${subjects}`
      return change.to === 'ADMIN'
        ? `${actor} made ${subjects} an admin`
        : `${actor} made ${subjects} a member without admin rights`
    },
    OWNER_CHANGED: ({ subjects }) => `${subjects} is the owner now`,
    GROUP_RENAMED: ({ actor }, change) =>
      change
        ? `${actor} renamed the group from “${change.from}” to “${change.to}”`
        : `${actor} renamed the group`,
    GROUP_AVATAR_CHANGED: ({ actor }, change) =>
      `${actor} ${change?.removed ? 'removed' : 'changed'} the avatar of the group`,
    GROUP_DESCRIPTION_CHANGED: ({ actor }) => `${actor} changed the description of the group`,
    ANNOUNCEMENT_POSTED: ({ actor }) => `${actor} posted an announcement`,
    GROUP_MUTED: ({ actor }) => `${actor} muted the group`,
    GROUP_UNMUTED: ({ actor }) => `${actor} unmuted the group`,
    SLOW_MODE_CHANGED: ({ actor }, change) => {
      const seconds = change?.to ?? 0
      if (seconds === 0) return `${actor} turned slow mode off`
      return `${actor} turned slow mode on: one message every ${seconds === 1 ? 'second' : `${seconds} seconds`}`
    },
    JOIN_POLICY_CHANGED: ({ actor }, change) =>
      policy(actor, 'how users join', change && joinPolicies[change.to]),
    POSTING_POLICY_CHANGED: ({ actor }, change) =>
      policy(actor, 'who can send', change && postingPolicies[change.to]),
    MENTION_ALL_POLICY_CHANGED: ({ actor }, change) =>
      policy(actor, 'who can mention everyone', change && mentionAllPolicies[change.to]),
    HISTORY_VISIBILITY_CHANGED: ({ actor }, change) =>
      policy(actor, 'the history', change && visibilities[change.to]),
    FRIENDSHIP_STARTED: () => 'You are friends now',
    MESSAGE_PINNED: ({ actor }) => `${actor} pinned a message`,
  },
}
