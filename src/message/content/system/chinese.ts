import type { SystemTexts } from './texts.ts'

const joinPolicies = { INVITE_ONLY: '仅限受邀加入', APPROVAL: '加入需要审批', OPEN: '任何人都可以加入' }

const postingPolicies = { EVERYONE: '所有成员都可以发言', ADMINS: '仅群主和管理员可以发言' }

const mentionAllPolicies = {
  BY_SIZE: '谁可以@所有人取决于群人数',
  EVERYONE: '所有成员都可以@所有人',
  ADMINS: '仅群主和管理员可以@所有人',
}

const visibilities = { ALL: '新成员可以查看全部历史消息', SINCE_JOINED: '新成员不能查看历史消息' }

const policy = (actor: string, subject: string, rule: string | undefined) =>
  `${actor} 修改了${subject}${rule ? `：${rule}` : ''}`

export const chinese: SystemTexts = {
  unknownUser: '一位用户',
  deletedUser: '已注销用户',
  list: (names, others) => names.join('、') + (others > 0 ? `等 ${names.length + others} 人` : ''),
  sentences: {
    GROUP_CREATED: ({ actor, subjects }) => `${actor} 创建了群聊${subjects && `，邀请了 ${subjects}`}`,
    MEMBERS_ADDED: ({ actor, subjects }) => `${actor} 邀请 ${subjects} 加入了群聊`,
    MEMBER_JOINED: ({ actor, subjects, inviter }, change) => {
      if (change?.via === 'APPROVAL') return `${actor} 同意 ${subjects} 加入群聊`
      return inviter === null ? `${subjects} 加入了群聊` : `${subjects} 通过 ${inviter} 的邀请加入了群聊`
    },
    MEMBER_LEFT: ({ subjects }) => `${subjects} 退出了群聊`,
    MEMBER_REMOVED: ({ actor, subjects }) => `${actor} 将 ${subjects} 移出了群聊`,
    ROLE_CHANGED: ({ actor, subjects }, change) => {
      if (!change) return `${actor} 修改了 ${subjects} 的角色`
      return change.to === 'ADMIN'
        ? `${actor} 将 ${subjects} 设为管理员`
        : `${actor} 取消了 ${subjects} 的管理员身份`
    },
    OWNER_CHANGED: ({ subjects }) => `${subjects} 成为新群主`,
    GROUP_RENAMED: ({ actor }, change) =>
      change ? `${actor} 将群名称从“${change.from}”改为“${change.to}”` : `${actor} 修改了群名称`,
    GROUP_AVATAR_CHANGED: ({ actor }, change) => `${actor} ${change?.removed ? '移除' : '更换'}了群头像`,
    GROUP_DESCRIPTION_CHANGED: ({ actor }) => `${actor} 修改了群简介`,
    ANNOUNCEMENT_POSTED: ({ actor }) => `${actor} 发布了群公告`,
    GROUP_MUTED: ({ actor }) => `${actor} 开启了全员禁言`,
    GROUP_UNMUTED: ({ actor }) => `${actor} 关闭了全员禁言`,
    SLOW_MODE_CHANGED: ({ actor }, change) =>
      change?.to ? `${actor} 开启了慢速模式：每 ${change.to} 秒一条消息` : `${actor} 关闭了慢速模式`,
    JOIN_POLICY_CHANGED: ({ actor }, change) => policy(actor, '入群方式', change && joinPolicies[change.to]),
    POSTING_POLICY_CHANGED: ({ actor }, change) =>
      policy(actor, '发言权限', change && postingPolicies[change.to]),
    MENTION_ALL_POLICY_CHANGED: ({ actor }, change) =>
      policy(actor, '@所有人的权限', change && mentionAllPolicies[change.to]),
    HISTORY_VISIBILITY_CHANGED: ({ actor }, change) =>
      policy(actor, '历史消息设置', change && visibilities[change.to]),
    FRIENDSHIP_STARTED: () => '你们已成为好友',
    MESSAGE_PINNED: ({ actor }) => `${actor} 置顶了一条消息`,
  },
}
