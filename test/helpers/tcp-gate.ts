/** A door in front of a server, on a port of its own: shut, nobody gets in and whoever is in is thrown out, as when the server is away. */
import net from 'node:net';

export interface TcpGate {
  readonly port: number;
  shut(): Promise<void>;
  open(): Promise<void>;
}

export async function openTcpGate(host: string, port: number): Promise<TcpGate> {
  const sockets = new Set<net.Socket>();
  let server: net.Server | null = null;
  let ownPort = 0;
  const through = (socket: net.Socket) => {
    const onward = net.connect(port, host);
    for (const one of [socket, onward]) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        socket.destroy();
        onward.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
  };
  const open = () =>
    new Promise<void>((resolve, reject) => {
      const opened = net.createServer(through);
      server = opened;
      opened.once('error', reject);
      opened.listen(ownPort, '127.0.0.1', () => {
        ownPort = (opened.address() as net.AddressInfo).port;
        resolve();
      });
    });
  await open();
  return {
    port: ownPort,
    open,
    shut: () =>
      new Promise((resolve) => {
        server?.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
