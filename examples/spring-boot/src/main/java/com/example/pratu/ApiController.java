package com.example.pratu;

import java.util.Map;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ApiController {

    /** {@code sub} is the account; for a program without a user it is the client itself. */
    @GetMapping("/api/caller")
    Map<String, Object> caller(@AuthenticationPrincipal Jwt token) {
        return Map.of("sub", token.getSubject(), "client_id", token.getClaim("client_id"), "scope", token.getClaim("scope"));
    }
}
