// Stands in for `node-xmpp-client`: the SDK makes one of these at `init` and connects it only for chat.
module.exports = class NoChat {
  on() {}
  send() {
    throw new Error('chat is not installed here');
  }
};
