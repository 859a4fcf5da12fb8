export { createChannels, type ChannelSettings, type OpenChannel } from './registry';
export { SocketStreams, type StreamsSettings } from './socket/socket-streams';
export { updateStatusUrl } from './webhook/outside-websocket.channel';
