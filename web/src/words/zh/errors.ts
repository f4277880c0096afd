import type { errorWords as Words } from '../en/errors.ts'

export const errorWords: typeof Words = {
  errors: {
    NETWORK: '无法连接服务器，请检查网络。',
    BAD_CREDENTIALS: '用户名或密码不正确。',
    CONFLICT: '已被占用，或已在其他地方更改。',
    FORBIDDEN: '没有权限。',
    BLOCKED: '对方不接收你的消息。',
    NOT_FRIENDS: '只有好友之间才能发消息。',
    MUTED: '你在此群中被禁言。',
    RATE_LIMITED: '操作过于频繁，请稍后再试。',
    TOO_LATE: '已超过时限。',
    LIMIT_EXCEEDED: '已达到上限。',
    NOT_FOUND: '未找到。',
    SUSPENDED: '此账号已被停用。',
    UNAVAILABLE: '服务器繁忙，请稍后再试。',
    FILE_LOST: '文件在刷新时丢失，请重新添加。',
  },
}
