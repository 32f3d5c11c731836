package org.vitrine.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A file of the host without a machine around it: what bounds a disk's transfers. */
final class HostFile implements Transfers {

    private final FileChannel channel;
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(MOST).order(ByteOrder.LITTLE_ENDIAN);

    HostFile(Path file) throws IOException {
        channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
    }

    @Override
    public void read(long offset, int length) throws IOException {
        buffer.clear().limit(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException("the file ends before " + (offset + length));
            }
        }
        for (int at = 0; at < length; at += BLOCK) {
            Transfers.check(offset + at, buffer.getInt(at));
        }
    }

    @Override
    public void write(long offset, int length) throws IOException {
        buffer.clear().limit(length);
        for (int at = 0; at < length; at += BLOCK) {
            buffer.putInt(at, Transfers.number(offset + at));
        }
        while (buffer.hasRemaining()) {
            channel.write(buffer, offset + buffer.position());
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /**
     * The same file, each transfer done by another thread that is waited for, as a disk beside a
     * vCPU thread has to.
     */
    Transfers byWorker() {
        return new ByWorker(this);
    }

    private static final class ByWorker implements Transfers {

        private final HostFile file;
        private final ExecutorService worker = Executors.newSingleThreadExecutor();

        private ByWorker(HostFile file) {
            this.file = file;
        }

        @Override
        public void read(long offset, int length) throws IOException, InterruptedException {
            await(() -> {
                file.read(offset, length);
                return null;
            });
        }

        @Override
        public void write(long offset, int length) throws IOException, InterruptedException {
            await(() -> {
                file.write(offset, length);
                return null;
            });
        }

        private void await(Callable<Void> transfer) throws IOException, InterruptedException {
            try {
                worker.submit(transfer).get();
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            }
        }

        /** Ends the thread; the file stays open. */
        @Override
        public void close() {
            worker.close();
        }
    }
}
