package sipload

import (
	"context"
	"fmt"
	"net"
	"net/netip"

	"github.com/emiago/sipgo/sip"

	"callwright/sipua/dialog"
	"callwright/sipua/locate"
)

// Resolve finds where a SIP URI is (RFC 3263 4). The list is in the order in which it is to
// be tried.
func Resolve(ctx context.Context, uri string, transport dialog.Transport) ([]netip.AddrPort, error) {
	var u sip.Uri
	if err := sip.ParseUri(uri, &u); err != nil || u.Host == "" {
		return nil, fmt.Errorf("%q is no SIP address; want one as sip:500@192.0.2.1:5060", uri)
	}
	list, err := locate.Addrs(ctx, net.DefaultResolver, u.Host, u.Port, transport)
	if len(list) > 0 {
		return list, nil
	}
	return nil, err
}
