package sipua

import "time"

// record begins the recording of a contact, at its first talk with an agent; it follows
// the customer through hold and transfer until he has gone.
func (s *Server) record(c *contact) {
	if !s.cfg.Record || c.tape != nil || s.cfg.RecordFor != nil && !s.cfg.RecordFor(c.queue) {
		return
	}
	tape, err := s.media.Record(c.customer.audio)
	if err != nil {
		s.cfg.Log.Error("a call is not recorded", "call", c.key, "err", err)
		return
	}
	c.tape = tape
	s.cfg.Log.Info("recording", "call", c.key, "file", tape.File()) // if it cannot be written, the engine says so
}

// stopRecording ends it, and does not wait for the disk. The file's name is random; the log
// and the index say whose it is.
func (s *Server) stopRecording(c *contact) {
	if c.tape == nil {
		return
	}
	tape, ended := c.tape, time.Now()
	c.tape = nil
	s.readers.Add(1)
	go func() {
		defer s.readers.Done()
		file, length, err := tape.Close()
		s.do(false, func() {
			if err != nil {
				s.cfg.Log.Error("a recording is not whole", "call", c.key, "file", file, "err", err)
			}
			if s.cfg.Recorded != nil {
				s.cfg.Recorded(c.key, file, ended.Add(-length), length)
			}
		})
	}()
}
