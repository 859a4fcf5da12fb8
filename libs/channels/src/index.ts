export { createChannels, type ChannelSettings, type OpenChannel } from './registry';
export { audience } from './socket/emissions';
export { SocketStreams, type StreamsSettings } from './socket/socket-streams';
export { updateStatusUrl } from './webhook/outside-websocket.channel';
