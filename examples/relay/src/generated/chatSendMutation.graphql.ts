/**
 * @generated SignedSource<<f39cc6693052a653428f7638f1e5486e>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type SendMessageInput = {
  clientMessageId: string;
  content: MessageContentInput;
  conversationId: string;
  quoteSeq?: number | null | undefined;
};
export type MessageContentInput = {
  audio: MediaContentInput;
  custom?: never;
  file?: never;
  image?: never;
  richText?: never;
  text?: never;
  video?: never;
} | {
  audio?: never;
  custom: CustomContentInput;
  file?: never;
  image?: never;
  richText?: never;
  text?: never;
  video?: never;
} | {
  audio?: never;
  custom?: never;
  file: MediaContentInput;
  image?: never;
  richText?: never;
  text?: never;
  video?: never;
} | {
  audio?: never;
  custom?: never;
  file?: never;
  image: MediaContentInput;
  richText?: never;
  text?: never;
  video?: never;
} | {
  audio?: never;
  custom?: never;
  file?: never;
  image?: never;
  richText: RichTextInput;
  text?: never;
  video?: never;
} | {
  audio?: never;
  custom?: never;
  file?: never;
  image?: never;
  richText?: never;
  text: string;
  video?: never;
} | {
  audio?: never;
  custom?: never;
  file?: never;
  image?: never;
  richText?: never;
  text?: never;
  video: MediaContentInput;
};
export type MediaContentInput = {
  caption?: string | null | undefined;
  mediaId: string;
};
export type CustomContentInput = {
  data: any;
  fallbackText: string;
  type: string;
};
export type RichTextInput = {
  parts: ReadonlyArray<RichTextPartInput>;
};
export type RichTextPartInput = {
  mention: MentionInput;
  mentionAll?: never;
  text?: never;
} | {
  mention?: never;
  mentionAll: MentionAllInput;
  text?: never;
} | {
  mention?: never;
  mentionAll?: never;
  text: string;
};
export type MentionInput = {
  displayText: string;
  userId: string;
};
export type MentionAllInput = {
  displayText: string;
};
export type chatSendMutation$variables = {
  input: SendMessageInput;
};
export type chatSendMutation$data = {
  readonly sendMessage: {
    readonly message: {
      readonly id: string;
    };
  } | null | undefined;
};
export type chatSendMutation = {
  response: chatSendMutation$data;
  variables: chatSendMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "input"
  }
],
v1 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "input",
        "variableName": "input"
      }
    ],
    "concreteType": "SendMessagePayload",
    "kind": "LinkedField",
    "name": "sendMessage",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "Message",
        "kind": "LinkedField",
        "name": "message",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "id",
            "storageKey": null
          }
        ],
        "storageKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "chatSendMutation",
    "selections": (v1/*:: as any*/),
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "chatSendMutation",
    "selections": (v1/*:: as any*/)
  },
  "params": {
    "cacheID": "7899c66c2eafb691becd28e2b2947ba3",
    "id": null,
    "metadata": {},
    "name": "chatSendMutation",
    "operationKind": "mutation",
    "text": "mutation chatSendMutation(\n  $input: SendMessageInput!\n) {\n  sendMessage(input: $input) {\n    message {\n      id\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "a5ef4d1fe190a66069d8d329c849bae8";

export default node;
